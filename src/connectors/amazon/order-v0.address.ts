import type { Address } from '#canonical/address.ts'
import { text as note } from '#kernel/text.ts'
import { absent, derive, firstOf, optionalText } from '#mapping/index.ts'
import type { Shape } from '#mapping/index.ts'

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const restricted = note('Needs a restricted data token.', '需要受限数据令牌（RDT）')

/** `Address` of Orders v0, as the order or getOrderAddress has it. */
export const addressShape: Shape<Address> = {
  name: optionalText('Name', restricted),
  company: optionalText('CompanyName', note('Company.', '公司')),
  line1: optionalText('AddressLine1', restricted),
  line2: optionalText('AddressLine2', restricted),
  line3: optionalText('AddressLine3', restricted),
  district: firstOf(
    [
      optionalText('District', note('District.', '区')),
      optionalText('County', note('County.', '县')),
      optionalText('ExtendedFields.Neighborhood', note('Brazil: bairro.', '巴西 bairro')),
    ],
    note('District, county; in Brazil the neighbourhood.', '区、县；巴西取 bairro'),
  ),
  city: firstOf(
    [
      optionalText('City', note('City.', '城市')),
      optionalText('Municipality', note('Municipality.', '市镇')),
    ],
    note('City; the municipality where there is none.', '城市，缺失时取市镇'),
  ),
  region: optionalText(
    'StateOrRegion',
    note('As Amazon writes it: code or name.', '亚马逊原值，可能是代码或名称'),
  ),
  postal_code: optionalText('PostalCode', note('Sent without a token, too.', '无 RDT 时也可能返回')),
  country_code: optionalText('CountryCode', note('GB, never UK.', '英国为 GB')),
  phone: optionalText(
    'Phone',
    note('Never for FBA; withheld some time after delivery.', 'FBA 订单不返回；签收一段时间后不再返回'),
  ),
  phone_ext: absent(note('Part of the number ("ext. 123").', '包含在电话号码中（ext. 123）')),
  pii_state: derive(
    ['Name', 'AddressLine1'],
    (values) => (values.some(isText) ? 'clear' : 'absent'),
    note('clear when a name or a street came, else absent.', '有收件人或街道为 clear，否则为 absent'),
  ),
  pii_expires_at: absent(note('Amazon sets no date.', '亚马逊不返回期限')),
}
