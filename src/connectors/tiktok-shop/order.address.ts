import type { Address } from '#canonical/address.ts'
import { text as note } from '#kernel/text.ts'
import { absent, derive, deriveFrom, firstOf, join, optionalText } from '#mapping/index.ts'
import type { Refuse, Shape } from '#mapping/index.ts'
import { isObject, textOf } from './raw-values.ts'

/**
 * `district_info` is a list of levels, L0 the country. Which one is the city differs: in Southeast Asia
 * L2, elsewhere L3 (docs: get-order-detail). The level's own name decides where it says city.
 */
type Place = {
  readonly region: string | null
  readonly city: string | null
  readonly district: string | null
}

const nowhere: Place = { region: null, city: null, district: null }
const cityName = /\b(city|municipality|town)\b/i
const secondLevelCities: ReadonlySet<unknown> = new Set(['ID', 'MY', 'TH', 'VN', 'PH', 'SG'])

type Level = { readonly level: string; readonly label: string; readonly name: string }

function levelsOf(districts: unknown, refuse: Refuse): readonly Level[] {
  if (districts === undefined || districts === null || districts === '') return []
  if (!Array.isArray(districts)) {
    refuse(0, 'list')
    return []
  }
  const levels: Level[] = []
  for (const entry of districts as unknown[]) {
    if (!isObject(entry)) {
      refuse(0, 'list of objects')
      continue
    }
    const name = textOf(entry['address_name'])
    const level = textOf(entry['address_level'])
    if (name !== null && level !== null)
      levels.push({ level, label: textOf(entry['address_level_name']) ?? '', name })
  }
  return levels
}

function placeOf([districts, country]: readonly unknown[], refuse: Refuse): Place {
  const levels = levelsOf(districts, refuse)
  if (levels.length === 0) return nowhere
  const region = levels.find(({ level }) => level === 'L1')
  const below = levels.filter(({ level }) => level !== 'L0' && level !== 'L1')
  const usual = secondLevelCities.has(country) ? 'L2' : 'L3'
  const city =
    below.find(({ label }) => cityName.test(label)) ??
    below.find(({ level }) => level === usual) ??
    below.find(({ level }) => level === 'L2')
  const district = below
    .filter((level) => level !== city)
    .map(({ name }) => name)
    .join(', ')
  return { region: region?.name ?? null, city: city?.name ?? null, district: district || null }
}

const fromDistricts = deriveFrom(['district_info', 'region_code'], placeOf)

const isMasked = (value: unknown): boolean => typeof value === 'string' && value.includes('*')

function piiStateOf(values: readonly unknown[]): Address['pii_state'] {
  if (values.some(isMasked)) return 'masked'
  return values.some((value) => textOf(value) !== null) ? 'clear' : 'absent'
}

/** `recipient_address`. Empty while the order is UNPAID or ON_HOLD. */
export const addressShape: Shape<Address> = {
  name: firstOf(
    [
      optionalText('name', note('Whole name.', '全名')),
      join(['first_name', 'last_name'], ' ', note('Both names.', '名与姓')),
    ],
    note('Whole name, else first and last.', '优先取全名,缺失时取名与姓'),
  ),
  company: absent(note('There is none.', '平台没有公司字段')),
  line1: firstOf(
    [
      optionalText('address_line1', note('First line.', '第一行')),
      optionalText('address_detail', note('Street and number.', '街道与门牌')),
      optionalText('full_address', note('All in one.', '完整地址')),
    ],
    note('First line; else the detail, else the whole address.', '第一行;缺失取详细地址,再缺失取完整地址'),
  ),
  line2: optionalText('address_line2', note('Second line.', '第二行')),
  line3: join(['address_line3', 'address_line4'], ', ', note('Brazil only.', '仅巴西')),
  district: fromDistricts(
    ({ district }) => district,
    note('Levels below the state other than the city.', '省以下除城市外的层级'),
  ),
  city: firstOf(
    [
      optionalText('post_town', note('United Kingdom.', '英国')),
      fromDistricts(({ city }) => city, note('Level of the city.', '城市层级')),
    ],
    note(
      'post_town; else the level called city, else L2 in Southeast Asia and L3 elsewhere.',
      '英国取 post_town;其余取名为 city 的层级,否则东南亚取 L2,其他取 L3',
    ),
  ),
  region: fromDistricts(({ region }) => region, note('Level L1.', 'L1 层级')),
  postal_code: optionalText('postal_code', note('Masked with the rest.', '随其他字段一起脱敏')),
  country_code: optionalText('region_code', note('ISO country.', '国家二字码')),
  phone: optionalText(
    'phone_number',
    note('As sent, with the country code in brackets.', '平台原值,国家码在括号内'),
  ),
  phone_ext: absent(note('There is none.', '平台没有分机字段')),
  pii_state: derive(
    ['name', 'phone_number', 'address_line1', 'address_detail', 'postal_code'],
    piiStateOf,
    note(
      'masked when any part has an asterisk: platform labels, FBT, and US orders that are unpaid, on hold, cancelled or old.',
      '任一字段含星号为 masked:平台面单、FBT,以及美国未付款、暂缓、已取消或完成 30 天后的订单',
    ),
  ),
  pii_expires_at: absent(
    note(
      'US: 30 days after completion, but the time of completion is not sent.',
      '美国为完成后 30 天,但不返回完成时间',
    ),
  ),
}
