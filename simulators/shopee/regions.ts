/** What the simulated Shopee needs to know of a market. Names and places are made up. */
export type Region = {
  readonly code: string
  readonly currency: string
  /** Units of the currency for one euro, rounded: prices only have to look right. */
  readonly perEuro: number
  readonly decimals: 0 | 2
  readonly carrier: string
  readonly channelId: number
  readonly payment: string
  readonly cod: string | null
  readonly shopName: string
  readonly people: readonly string[]
  /** State, city, district, town, zip code. */
  readonly places: readonly (readonly [string, string, string, string, string])[]
  readonly location: string
}

type Row = Omit<Region, 'people' | 'places'> & { readonly names: string; readonly at: string }

const row = ({ names, at, ...facts }: Row): Region => ({
  ...facts,
  people: names.split('|'),
  places: at.split('|').map((place) => place.split(';') as [string, string, string, string, string]),
})

/** Eight markets, one shop in each. Channel ids follow the published ranges (docs: logistics channels). */
export const regions: readonly Region[] = [
  row({
    code: 'SG',
    currency: 'SGD',
    perEuro: 1.45,
    decimals: 2,
    carrier: 'Standard Delivery',
    channelId: 18028,
    payment: 'Credit Card/Debit Card',
    cod: null,
    shopName: 'merlion.home.sg',
    names: 'Tan Wei Ling|Lim Jun Hao|Nurul Rahman',
    at: ';Singapore;Tampines;;520801|;Singapore;Bedok;;460122',
    location: 'SGZ',
  }),
  row({
    code: 'MY',
    currency: 'MYR',
    perEuro: 5,
    decimals: 2,
    carrier: 'Standard Delivery',
    channelId: 28050,
    payment: 'Online Banking',
    cod: 'Cash on Delivery',
    shopName: 'lumora.my',
    names: 'Nur Aisyah binti Ismail|Lee Chong Ming|Siva Kumar',
    at: 'Selangor;Shah Alam;Seksyen 7;;40000|Pulau Pinang;George Town;Jelutong;;11600',
    location: 'MYZ',
  }),
  row({
    code: 'TW',
    currency: 'TWD',
    perEuro: 35,
    decimals: 0,
    carrier: '7-ELEVEN',
    channelId: 30005,
    payment: '信用卡/金融卡',
    cod: '貨到付款',
    shopName: 'kestrel.tw',
    names: '林怡君|陳冠宇|王雅婷',
    at: '台北市;大安區;;;106|高雄市;左營區;;;813',
    location: 'TWZ',
  }),
  row({
    code: 'PH',
    currency: 'PHP',
    perEuro: 62,
    decimals: 0,
    carrier: 'SPX Express',
    channelId: 40011,
    payment: 'ShopeePay',
    cod: 'Cash on Delivery',
    shopName: 'harbor.lane.ph',
    names: 'Maria Santos|Jose Reyes|Angela Cruz',
    at: 'Metro Manila;Quezon City;Batasan Hills;;1126|Cebu;Cebu City;Lahug;;6000',
    location: 'PHZ',
  }),
  row({
    code: 'TH',
    currency: 'THB',
    perEuro: 38,
    decimals: 0,
    carrier: 'Standard Delivery - ส่งธรรมดาในประเทศ',
    channelId: 70016,
    payment: 'PromptPay',
    cod: 'เก็บเงินปลายทาง',
    shopName: 'baan.lumora.th',
    names: 'สมชาย ใจดี|สุดารัตน์ แก้วมณี',
    at: 'กรุงเทพมหานคร;เขตบางรัก;สีลม;;10500|เชียงใหม่;อำเภอเมืองเชียงใหม่;ช้างเผือก;;50300',
    location: 'THZ',
  }),
  row({
    code: 'VN',
    currency: 'VND',
    perEuro: 27_000,
    decimals: 0,
    carrier: 'SPX Express',
    channelId: 50021,
    payment: 'Thẻ tín dụng/Ghi nợ',
    cod: 'Thanh toán khi nhận hàng',
    shopName: 'copperfern.vn',
    names: 'Nguyễn Thị Lan|Trần Văn Minh|Phạm Thu Hà',
    at: 'TP. Hồ Chí Minh;Quận 3;Phường Võ Thị Sáu;;|Hà Nội;Quận Ba Đình;Phường Kim Mã;;',
    location: 'VNZ',
  }),
  row({
    code: 'ID',
    currency: 'IDR',
    perEuro: 17_500,
    decimals: 0,
    carrier: 'SPX Standard',
    channelId: 80014,
    payment: 'ShopeePay',
    cod: 'Bayar di Tempat (COD)',
    shopName: 'rumah.kestrel.id',
    names: 'Siti Rahmawati|Budi Santoso|Dewi Lestari',
    at: 'Jawa Barat;Kota Bandung;Coblong;;40132|DKI Jakarta;Kota Jakarta Selatan;Tebet;;12820',
    location: 'IDL',
  }),
  row({
    code: 'BR',
    currency: 'BRL',
    perEuro: 5.9,
    decimals: 2,
    carrier: 'Shopee Xpress',
    channelId: 90016,
    payment: 'Pix',
    cod: null,
    shopName: 'ipe.amarelo.br',
    names: 'Letícia Carvalho|Thiago Nogueira',
    at: 'Paraná;Curitiba;Batel;;80420-010|Pernambuco;Recife;Boa Viagem;;51020-200',
    location: 'BRZ',
  }),
]

export const regionOf = (code: string): Region => regions.find((region) => region.code === code)!
