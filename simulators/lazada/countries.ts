/** The six ventures: what their hosts, people and places look like. Nobody in here exists. */
export type Country = 'sg' | 'my' | 'th' | 'vn' | 'ph' | 'id'

export type Venture = {
  readonly country: Country
  /** As addresses write it. */
  readonly name: string
  readonly currency: string
  /** Whole units of the currency for one euro, roughly: prices only have to look right. */
  readonly perEuro: number
  readonly offset: string
  readonly carriers: readonly string[]
  readonly payments: readonly string[]
  readonly people: readonly string[]
  readonly streets: readonly string[]
  /** State or province, city, district, post code. */
  readonly places: readonly (readonly [state: string, city: string, district: string, postCode: string])[]
}

export const ventures: Readonly<Record<Country, Venture>> = {
  sg: {
    country: 'sg',
    name: 'Singapore',
    currency: 'SGD',
    perEuro: 1.45,
    offset: '+0800',
    carriers: ['LEX SG', 'Ninja Van'],
    payments: ['MIXEDCARD', 'PAYPAL'],
    people: ['Tan Wei Ling', 'Arjun Pillai', 'Chua Jun Hao'],
    streets: ['Blk 128 Serangoon North Ave 1', '22 Joo Chiat Place', '7 Holland Close'],
    places: [
      ['Singapore', 'Singapore', 'Serangoon', '550128'],
      ['Singapore', 'Singapore', 'Katong', '427750'],
    ],
  },
  my: {
    country: 'my',
    name: 'Malaysia',
    currency: 'MYR',
    perEuro: 4.9,
    offset: '+0800',
    carriers: ['LEX MY', 'J&T Express', 'GDEX'],
    payments: ['MIXEDCARD', 'COD', 'PAYMENT_ACCOUNT'],
    people: ['Nur Aisyah binti Rahman', 'Lim Chee Keong', 'Kavitha Subramaniam'],
    streets: ['12 Jalan Kenari 7', '45 Lorong Maarof', '3A Jalan Air Itam'],
    places: [
      ['Selangor', 'Puchong', 'Bandar Puchong Jaya', '47100'],
      ['Kuala Lumpur', 'Bangsar', 'Bukit Bandaraya', '59100'],
      ['Penang', 'George Town', 'Air Itam', '11400'],
    ],
  },
  th: {
    country: 'th',
    name: 'Thailand',
    currency: 'THB',
    perEuro: 38,
    offset: '+0700',
    carriers: ['Flash Express', 'Kerry Express', 'LEX TH'],
    payments: ['COD', 'MIXEDCARD', 'PAYMENT_ACCOUNT'],
    people: ['สมชาย ใจดี', 'กนกวรรณ ศรีสุข', 'Anchalee Wong'],
    streets: ['99/12 ซอยลาดพร้าว 71', '18 Moo 4', '204 Nimmanhaemin Rd'],
    places: [
      ['กรุงเทพมหานคร', 'ลาดพร้าว', 'ลาดพร้าว', '10230'],
      ['Chiang Mai', 'Mueang Chiang Mai', 'Suthep', '50200'],
    ],
  },
  vn: {
    country: 'vn',
    name: 'Vietnam',
    currency: 'VND',
    perEuro: 28_000,
    offset: '+0700',
    carriers: ['LEX VN', 'GHN', 'J&T Express'],
    payments: ['COD', 'MIXEDCARD', 'PAYMENT_ACCOUNT'],
    people: ['Nguyễn Thị Mai', 'Trần Quốc Bảo', 'Lê Hoàng Anh'],
    streets: ['25 Nguyễn Trãi', '118/4 Lê Văn Sỹ', '7 Hoàng Diệu'],
    places: [
      ['Hồ Chí Minh', 'Quận 3', 'Phường 13', '70000'],
      ['Hà Nội', 'Quận Thanh Xuân', 'Phường Thượng Đình', '10000'],
    ],
  },
  ph: {
    country: 'ph',
    name: 'Philippines',
    currency: 'PHP',
    perEuro: 65,
    offset: '+0800',
    carriers: ['LEX PH', 'J&T Express'],
    payments: ['COD', 'MIXEDCARD', 'PAYMENT_ACCOUNT'],
    people: ['Maria Dela Cruz', 'Jose Villanueva', 'Angelica Ramos'],
    streets: ['1450 Pasong Tamo', '27 Katipunan Ave', '8 Rizal St'],
    places: [
      ['Metro Manila', 'Makati', 'San Lorenzo', '1223'],
      ['Cebu', 'Cebu City', 'Lahug', '6000'],
    ],
  },
  id: {
    country: 'id',
    name: 'Indonesia',
    currency: 'IDR',
    perEuro: 18_000,
    offset: '+0700',
    carriers: ['LEX ID', 'JNE', 'SiCepat'],
    payments: ['COD', 'MIXEDCARD', 'PAYMENT_ACCOUNT'],
    people: ['Siti Rahmawati', 'Budi Santoso', 'Dewi Lestari'],
    streets: ['Jl. Melati No. 14', 'Jl. Kebon Sirih 22', 'Jl. Diponegoro 5'],
    places: [
      ['DKI Jakarta', 'Jakarta Selatan', 'Tebet', '12810'],
      ['Jawa Timur', 'Surabaya', 'Gubeng', '60281'],
    ],
  },
}

export const countries = Object.keys(ventures) as readonly Country[]
export const isCountry = (word: string): word is Country => word in ventures

/** Wholes only in these two; the platform sends two decimals elsewhere. */
export const hasDecimals = (venture: Venture): boolean =>
  venture.currency !== 'VND' && venture.currency !== 'IDR'
