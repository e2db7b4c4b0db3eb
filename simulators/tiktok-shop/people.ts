import { drawAddress, drawPerson } from '../catalog.ts'
import type { Dice } from '../random.ts'
import { isCatalogued } from './markets.ts'

/** A buyer and the way to the door. Nobody in here exists. */
export type Recipient = {
  readonly name: string
  readonly phone: string
  readonly mailbox: string
  readonly line1: string
  readonly line2: string
  readonly region: string
  readonly city: string
  readonly district: string
  readonly postalCode: string
}

/** Names, streets, places (region, city, district, postal code) and phones of markets outside the catalogue. */
const local: Readonly<
  Record<
    string,
    {
      readonly names: readonly string[]
      readonly streets: readonly string[]
      readonly places: readonly (readonly [string, string, string, string])[]
      readonly phone: string
    }
  >
> = {
  ID: {
    names: ['Ayu Lestari', 'Bagas Pratama', 'Dewi Anggraini', 'Rizky Maulana'],
    streets: ['Jl. Melati', 'Jl. Kenanga', 'Jl. Anggrek'],
    places: [
      ['DKI Jakarta', 'Jakarta Selatan', 'Kebayoran Baru', '12110'],
      ['Jawa Barat', 'Bandung', 'Coblong', '40132'],
    ],
    phone: '(+62)81255500###',
  },
  MY: {
    names: ['Nurul Izzah', 'Tan Mei Ling', 'Arjun Pillai', 'Farid Hassan'],
    streets: ['Jalan Mawar', 'Lorong Cempaka', 'Jalan Teratai'],
    places: [
      ['Selangor', 'Petaling Jaya', 'Damansara', '47400'],
      ['Pulau Pinang', 'George Town', 'Jelutong', '11600'],
    ],
    phone: '(+60)1255500##',
  },
  TH: {
    names: ['สมชาย ใจดี', 'กัญญา ศรีสุข', 'ธนพล วงศ์ทอง'],
    streets: ['ถนนสุขใจ', 'ซอยดอกไม้', 'ถนนริมน้ำ'],
    places: [
      ['กรุงเทพมหานคร', 'ปทุมวัน', 'ลุมพินี', '10330'],
      ['เชียงใหม่', 'เมืองเชียงใหม่', 'สุเทพ', '50200'],
    ],
    phone: '(+66)8155500##',
  },
  VN: {
    names: ['Nguyễn Thị Lan', 'Trần Minh Quân', 'Lê Hoài An'],
    streets: ['Đường Hoa Sữa', 'Phố Cây Bàng', 'Đường Ven Hồ'],
    places: [
      ['Hà Nội', 'Quận Cầu Giấy', 'Phường Dịch Vọng', '11300'],
      ['Hồ Chí Minh', 'Quận 3', 'Phường Võ Thị Sáu', '72400'],
    ],
    phone: '(+84)90555###',
  },
  PH: {
    names: ['Maricel Santos', 'Jomar Villanueva', 'Angela Reyes'],
    streets: ['Sampaguita Street', 'Narra Avenue', 'Ilang-Ilang Road'],
    places: [
      ['Metro Manila', 'Quezon City', 'Bagumbayan', '1110'],
      ['Cebu', 'Cebu City', 'Lahug', '6000'],
    ],
    phone: '(+63)91755500##',
  },
}

const fill = (pattern: string, dice: Dice): string => pattern.replaceAll('#', () => dice.letters(1))

export function drawRecipient(country: string, dice: Dice): Recipient {
  const mailbox = dice.letters(10, 'abcdefghijklmnopqrstuvwxyz0123456789')
  if (isCatalogued(country)) {
    const person = drawPerson(country, dice)
    const address = drawAddress(country, dice)
    return {
      name: person.name,
      phone: person.phone.replace(/^\+(\d+)\s*/, '(+$1)').replaceAll(' ', ''),
      mailbox,
      line1: address.line1,
      line2: address.line2 ?? '',
      region: address.state ?? address.city,
      city: address.city,
      district: address.district ?? '',
      postalCode: address.postalCode,
    }
  }
  const place = local[country]!
  const [region, city, district, postalCode] = dice.pick(place.places)
  return {
    name: dice.pick(place.names),
    phone: fill(place.phone, dice),
    mailbox,
    line1: `${dice.pick(place.streets)} ${dice.whole(1, 180)}`,
    line2: '',
    region,
    city,
    district,
    postalCode,
  }
}
