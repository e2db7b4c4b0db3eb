export type Country =
  'US' | 'CA' | 'MX' | 'BR' | 'GB' | 'DE' | 'FR' | 'IT' | 'ES' | 'NL' | 'PL' | 'TR' | 'JP' | 'AU' | 'SG'

/**
 * What people and addresses look like in a country. In patterns `#` is a digit and `@` a capital letter.
 * Phone numbers use ranges set aside for fiction wherever a country has one.
 */
export type Place = {
  readonly given: readonly string[]
  readonly family: readonly string[]
  readonly familyFirst?: true
  readonly companies: readonly string[]
  readonly streets: readonly string[]
  readonly line: string
  readonly line2: string
  /** City, state or region ('' where addresses have none), postal pattern, district where usual. */
  readonly cities: readonly (readonly [city: string, state: string, postal: string, district?: string])[]
  readonly phone: string
}

export const places: Readonly<Record<Country, Place>> = {
  US: {
    given: ['Avery', 'Jordan', 'Marisol', 'Desmond', 'Hannah', 'Luis', 'Priya', 'Caleb'],
    family: ['Whitlock', 'Okafor', 'Ramirez', 'Lindqvist', 'Tanaka', 'Brennan', 'Castellano', 'Moss'],
    companies: ['Harbor & Finch LLC', 'Redwood Fixtures Inc.', 'Blue Mesa Hospitality LLC'],
    streets: ['Alder Street', 'Juniper Avenue', 'Quarry Road', 'Larkspur Lane', 'Harbor Drive'],
    line: '{number} {street}',
    line2: 'Apt #@',
    cities: [
      ['Portland', 'OR', '972##', 'Multnomah County'],
      ['Columbus', 'OH', '432##', 'Franklin County'],
      ['Austin', 'TX', '787##', 'Travis County'],
      ['Rochester', 'NY', '146##', 'Monroe County'],
    ],
    phone: '+1 503-555-01##',
  },
  CA: {
    given: ['Maxime', 'Claire', 'Noah', 'Simone', 'Arjun', 'Freya'],
    family: ['Tremblay', 'MacLeod', 'Bouchard', 'Singh', 'Pelletier', 'Ferguson'],
    companies: ['Northern Loon Supply Ltd.', 'Atelier Boréal inc.'],
    streets: ['Maple Crescent', 'Rue des Érables', 'Lakeshore Road', 'Birch Avenue'],
    line: '{number} {street}',
    line2: 'Unit ##',
    cities: [
      ['Ottawa', 'ON', 'K1P #@#'],
      ['Québec', 'QC', 'G1R #@#'],
      ['Halifax', 'NS', 'B3H #@#'],
    ],
    phone: '+1 613-555-01##',
  },
  MX: {
    given: ['Ximena', 'Rodrigo', 'Fernanda', 'Emiliano', 'Itzel'],
    family: ['Hernández', 'Villaseñor', 'Robles', 'Cárdenas', 'Montes'],
    companies: ['Talavera Norte S.A. de C.V.', 'Comercial Jacaranda S. de R.L.'],
    streets: ['Calle Nogal', 'Avenida Las Fuentes', 'Calle Hidalgo', 'Paseo del Roble'],
    line: '{street} {number}',
    line2: 'Int. ##',
    cities: [
      ['Guadalajara', 'Jalisco', '441##', 'Americana'],
      ['Mérida', 'Yucatán', '970##', 'Centro'],
    ],
    phone: '+52 33 5550 ####',
  },
  BR: {
    given: ['Thiago', 'Letícia', 'Renata', 'Caio', 'Beatriz', 'Murilo'],
    family: ['Carvalho', 'Nogueira', 'Figueiredo', 'Siqueira', 'Bittencourt', 'Prado'],
    companies: ['Ipê Amarelo Comércio Ltda', 'Serra Azul Tecnologia Ltda'],
    streets: ['Rua das Palmeiras', 'Avenida do Contorno', 'Rua Aurora', 'Alameda dos Ipês'],
    line: '{street}, {number}',
    line2: 'Apto ##',
    cities: [
      ['Curitiba', 'PR', '80420-###', 'Batel'],
      ['Belo Horizonte', 'MG', '30110-###', 'Funcionários'],
      ['Recife', 'PE', '51020-###', 'Boa Viagem'],
    ],
    phone: '+55 41 95555-####',
  },
  GB: {
    given: ['Imogen', 'Callum', 'Priyanka', 'Rhys', 'Eleanor', 'Tobias'],
    family: ['Ashworth', 'Drummond', 'Pemberton', 'Okoye', 'Llewellyn', 'Hargreaves'],
    companies: ['Fenwick Row Interiors Ltd', 'Copper Kettle Catering Ltd'],
    streets: ['Orchard Road', 'Mill Lane', 'Station Approach', 'Priory Close', 'Canal Street'],
    line: '{number} {street}',
    line2: 'Flat #@',
    cities: [
      ['Leeds', 'West Yorkshire', 'LS6 #@@'],
      ['Bristol', 'Bristol', 'BS3 #@@'],
      ['Edinburgh', 'Midlothian', 'EH9 #@@'],
    ],
    phone: '+44 7700 900###',
  },
  DE: {
    given: ['Annika', 'Florian', 'Mareike', 'Jonas', 'Ayşe', 'Henning'],
    family: ['Brandhuber', 'Wiesner', 'Petersen', 'Schäffler', 'Öztürk', 'Krüger'],
    companies: ['Lindenhof Bürobedarf GmbH', 'Werkraum Nord GmbH & Co. KG'],
    streets: ['Lindenstraße', 'Am Mühlbach', 'Goethestraße', 'Kastanienallee', 'Hafenweg'],
    line: '{street} {number}',
    line2: 'Hinterhaus #. OG',
    cities: [
      ['Münster', '', '481##'],
      ['Leipzig', '', '041##'],
      ['Freiburg im Breisgau', '', '791##'],
    ],
    phone: '+49 30 23125###',
  },
  FR: {
    given: ['Élodie', 'Bastien', 'Maëlle', 'Julien', 'Inès'],
    family: ['Lefèvre', 'Garnier', 'Marchetti', 'Roussel', 'Delmas'],
    companies: ['Maison Aubépine SARL', 'Atelier du Port SAS'],
    streets: ['rue des Tilleuls', 'avenue de la Gare', 'rue du Moulin', 'quai des Brumes'],
    line: '{number} {street}',
    line2: 'Bâtiment @',
    cities: [
      ['Nantes', '', '440##'],
      ['Annecy', '', '740##'],
      ['Lille', '', '590##'],
    ],
    phone: '+33 6 39 98 ## ##',
  },
  IT: {
    given: ['Giulia', 'Matteo', 'Chiara', 'Davide', 'Serena'],
    family: ['Bellandi', 'Ferraris', 'Morandi', 'Zanetti', 'Colonna'],
    companies: ['Officina Verde S.r.l.', 'Borgo Antico Arredi S.r.l.'],
    streets: ['Via dei Mille', 'Corso Garibaldi', 'Via San Rocco', 'Viale dei Platani'],
    line: '{street} {number}',
    line2: 'Interno #',
    cities: [
      ['Bologna', 'BO', '401##'],
      ['Verona', 'VR', '371##'],
      ['Lecce', 'LE', '731##'],
    ],
    phone: '+39 320 555 ####',
  },
  ES: {
    given: ['Nerea', 'Álvaro', 'Lucía', 'Iker', 'Carmen'],
    family: ['Garrido', 'Etxeberria', 'Navarro', 'Quintana', 'Vidal'],
    companies: ['Almendro Hostelería S.L.', 'Taller Levante S.L.'],
    streets: ['Calle de la Palma', 'Avenida del Puerto', 'Calle Mayor', 'Paseo de los Olmos'],
    line: '{street}, {number}',
    line2: '#.º @',
    cities: [
      ['Valencia', 'Valencia', '460##'],
      ['Bilbao', 'Bizkaia', '480##'],
      ['Granada', 'Granada', '180##'],
    ],
    phone: '+34 655 55# ###',
  },
  NL: {
    given: ['Sanne', 'Daan', 'Fenna', 'Ruben'],
    family: ['van der Meer', 'de Bruin', 'Hoekstra', 'Jansen'],
    companies: ['Grachtwerk B.V.'],
    streets: ['Kerkstraat', 'Molenweg', 'Lange Haven'],
    line: '{street} {number}',
    line2: '# hoog',
    cities: [
      ['Utrecht', '', '3512 @@'],
      ['Groningen', '', '9711 @@'],
    ],
    phone: '+31 6 5555 ####',
  },
  PL: {
    given: ['Zofia', 'Wojciech', 'Kinga', 'Mateusz'],
    family: ['Wiśniewska', 'Zieliński', 'Kaczmarek', 'Dąbrowski'],
    companies: ['Jaskółka Sp. z o.o.'],
    streets: ['ul. Lipowa', 'ul. Kościuszki', 'al. Róż'],
    line: '{street} {number}',
    line2: 'm. ##',
    cities: [
      ['Wrocław', 'dolnośląskie', '50-###'],
      ['Gdańsk', 'pomorskie', '80-###'],
    ],
    phone: '+48 555 ### ###',
  },
  TR: {
    given: ['Defne', 'Emre', 'Zeynep', 'Kerem'],
    family: ['Aydın', 'Karaca', 'Şahin', 'Polat'],
    companies: ['Çınar Ev Gereçleri Ltd. Şti.'],
    streets: ['Papatya Sokak', 'Cumhuriyet Caddesi', 'Gül Sokak'],
    line: '{street} No:{number}',
    line2: 'Daire ##',
    cities: [
      ['İzmir', 'İzmir', '352##', 'Karşıyaka'],
      ['Ankara', 'Ankara', '066##', 'Çankaya'],
    ],
    phone: '+90 555 555 ## ##',
  },
  JP: {
    given: ['美咲', '悠斗', 'さくら', '健太', '陽菜', '大輔'],
    family: ['藤原', '小野寺', '高橋', '三浦', '西村', '桐谷'],
    familyFirst: true,
    companies: ['株式会社青葉商店', '合同会社はるかぜ'],
    streets: ['桜町', '本町', '若葉台', '緑ヶ丘'],
    line: '{street}2丁目{number}番地',
    line2: 'コーポ###号室',
    cities: [
      ['横浜市青葉区', '神奈川県', '225-00##'],
      ['名古屋市昭和区', '愛知県', '466-00##'],
      ['札幌市中央区', '北海道', '060-00##'],
    ],
    phone: '090-5555-####',
  },
  AU: {
    given: ['Matilda', 'Lachlan', 'Indigo', 'Heath', 'Bronte'],
    family: ['Callaghan', 'Nguyen', 'Fitzroy', 'Papadakis', 'Doyle'],
    companies: ['Ironbark Outdoor Pty Ltd', 'Jetty Road Trading Pty Ltd'],
    streets: ['Banksia Street', 'Wattle Grove', 'Jetty Road', 'Kurrajong Avenue'],
    line: '{number} {street}',
    line2: 'Unit #',
    cities: [
      ['Geelong', 'VIC', '322#'],
      ['Fremantle', 'WA', '616#'],
      ['Hobart', 'TAS', '700#'],
    ],
    phone: '+61 491 570 ###',
  },
  SG: {
    given: ['Wei Ling', 'Jun Hao', 'Nurul', 'Aravind'],
    family: ['Tan', 'Lim', 'Goh', 'Rahman'],
    companies: ['Merlion Crafts Pte. Ltd.'],
    streets: ['Serangoon Avenue', 'Tampines Street 21', 'Holland Drive'],
    line: 'Blk {number} {street}',
    line2: '##-1##',
    cities: [['Singapore', '', '5508##']],
    phone: '+65 8555 ####',
  },
}
