export type TitleLanguage = 'en' | 'de' | 'fr' | 'es' | 'it' | 'ja' | 'pt'

export type Product = {
  readonly sku: string
  readonly euroCents: number
  readonly titles: { readonly en: string } & Partial<Record<TitleLanguage, string>>
}

/** The range of one made-up exporter of home and travel goods. */
export const products: readonly Product[] = [
  {
    sku: 'LMR-DESK-07-WHT',
    euroCents: 2490,
    titles: {
      en: 'Lumora Desk Lamp 07 with dimmer, folding arm, white',
      de: 'Lumora Tischleuchte 07, dimmbar, klappbarer Arm, weiß',
      fr: 'Lumora Lampe de bureau 07, variateur, bras pliant, blanc',
      es: 'Lumora Lámpara de escritorio 07 regulable, brazo plegable, blanca',
      it: 'Lumora Lampada da scrivania 07 dimmerabile, braccio pieghevole, bianca',
      ja: 'Lumora デスクライト 07 調光 折りたたみアーム ホワイト',
      pt: 'Lumora Luminária de mesa 07 com dimmer, braço dobrável, branca',
    },
  },
  {
    sku: 'KST-MUG-350-SLT2',
    euroCents: 1890,
    titles: {
      en: 'Kestrel Stoneware Mug 350 ml, set of 2, slate',
      de: 'Kestrel Steingutbecher 350 ml, 2er-Set, Schiefer',
      fr: 'Kestrel Mug en grès 350 ml, lot de 2, ardoise',
      es: 'Kestrel Taza de gres 350 ml, juego de 2, pizarra',
      it: 'Kestrel Tazza in gres 350 ml, set da 2, ardesia',
      ja: 'Kestrel ストーンウェア マグカップ 350ml 2個セット スレート',
      pt: 'Kestrel Caneca de grés 350 ml, conjunto de 2, ardósia',
    },
  },
  {
    sku: 'NVT-PACK-28-OLV',
    euroCents: 5990,
    titles: {
      en: 'Navita Travel Backpack 28 l, cabin size, olive',
      de: 'Navita Reiserucksack 28 l, Handgepäck, oliv',
      fr: 'Navita Sac à dos de voyage 28 l, format cabine, olive',
      es: 'Navita Mochila de viaje 28 l, tamaño cabina, oliva',
      it: 'Navita Zaino da viaggio 28 l, formato cabina, oliva',
      ja: 'Navita トラベルバックパック 28L 機内持ち込み オリーブ',
      pt: 'Navita Mochila de viagem 28 l, tamanho cabine, oliva',
    },
  },
  {
    sku: 'NVT-CUBE-6-GRY',
    euroCents: 2290,
    titles: {
      en: 'Navita Packing Cubes, 6 pieces, grey',
      de: 'Navita Packwürfel, 6-teilig, grau',
      fr: 'Navita Organisateurs de valise, 6 pièces, gris',
      ja: 'Navita トラベルポーチ 6点セット グレー',
    },
  },
  {
    sku: 'TRF-KETTLE-1L7-BLK',
    euroCents: 3990,
    titles: {
      en: 'Torfell Electric Kettle 1.7 l, temperature control, black',
      de: 'Torfell Wasserkocher 1,7 l, Temperaturwahl, schwarz',
      fr: 'Torfell Bouilloire 1,7 l, température réglable, noire',
      es: 'Torfell Hervidor 1,7 l, control de temperatura, negro',
      it: 'Torfell Bollitore 1,7 l, temperatura regolabile, nero',
      ja: 'Torfell 電気ケトル 1.7L 温度調節 ブラック',
      pt: 'Torfell Chaleira elétrica 1,7 l, controle de temperatura, preta',
    },
  },
  {
    sku: 'TRF-SCALE-5KG',
    euroCents: 1590,
    titles: {
      en: 'Torfell Kitchen Scale up to 5 kg, USB-C',
      de: 'Torfell Küchenwaage bis 5 kg, USB-C',
      fr: "Torfell Balance de cuisine jusqu'à 5 kg, USB-C",
      ja: 'Torfell キッチンスケール 5kg USB-C 充電',
    },
  },
  {
    sku: 'OBI-YOGA-6MM-TEAL',
    euroCents: 2790,
    titles: {
      en: 'Obiri Yoga Mat 6 mm, natural rubber, teal',
      de: 'Obiri Yogamatte 6 mm, Naturkautschuk, petrol',
      es: 'Obiri Esterilla de yoga 6 mm, caucho natural, verde azulado',
      it: 'Obiri Tappetino yoga 6 mm, gomma naturale, ottanio',
      ja: 'Obiri ヨガマット 6mm 天然ゴム ティール',
      pt: 'Obiri Tapete de ioga 6 mm, borracha natural, azul-petróleo',
    },
  },
  {
    sku: 'OBI-BOTTLE-750-CRL',
    euroCents: 1990,
    titles: {
      en: 'Obiri Steel Bottle 750 ml, leak-proof, coral',
      de: 'Obiri Edelstahlflasche 750 ml, auslaufsicher, koralle',
      fr: 'Obiri Gourde inox 750 ml, étanche, corail',
      ja: 'Obiri ステンレスボトル 750ml 漏れ防止 コーラル',
    },
  },
  {
    sku: 'QND-CHG-65W-3P',
    euroCents: 3490,
    titles: {
      en: 'Quandel Charger 65 W, 2 x USB-C + USB-A, foldable plug',
      de: 'Quandel Ladegerät 65 W, 2 x USB-C + USB-A',
      fr: 'Quandel Chargeur 65 W, 2 x USB-C + USB-A',
      es: 'Quandel Cargador 65 W, 2 x USB-C + USB-A',
      it: 'Quandel Caricatore 65 W, 2 x USB-C + USB-A',
      ja: 'Quandel 充電器 65W USB-C 2ポート + USB-A 折りたたみプラグ',
      pt: 'Quandel Carregador 65 W, 2 x USB-C + USB-A',
    },
  },
  {
    sku: 'QND-CABLE-C-2M/BLU',
    euroCents: 990,
    titles: {
      en: 'Quandel USB-C Cable 2 m, 100 W, braided, blue',
      de: 'Quandel USB-C-Kabel 2 m, 100 W, geflochten, blau',
      ja: 'Quandel USB-C ケーブル 2m 100W 編み込み ブルー',
    },
  },
  {
    sku: 'MEA-TOWEL-4 SAND',
    euroCents: 3290,
    titles: {
      en: 'Meadowline Waffle Towels, set of 4, sand',
      de: 'Meadowline Waffelhandtücher, 4er-Set, sand',
      fr: 'Meadowline Serviettes gaufrées, lot de 4, sable',
      it: 'Meadowline Asciugamani a nido d’ape, set da 4, sabbia',
      ja: 'Meadowline ワッフルタオル 4枚セット サンド',
    },
  },
  {
    sku: 'MEA-DIFFUSER-120',
    euroCents: 4490,
    titles: {
      en: 'Meadowline Aroma Diffuser 120 ml, ceramic',
      de: 'Meadowline Aroma-Diffuser 120 ml, Keramik',
      es: 'Meadowline Difusor de aromas 120 ml, cerámica',
      ja: 'Meadowline アロマディフューザー 120ml 陶器',
    },
  },
]
