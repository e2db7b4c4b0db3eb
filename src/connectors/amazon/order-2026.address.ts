import type { Address } from '#canonical/address.ts'
import { text as note } from '#kernel/text.ts'
import { absent, derive, firstOf, optionalText } from '#mapping/index.ts'
import type { Shape } from '#mapping/index.ts'

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

/** `CustomerAddress` of Orders 2026-01-01. Without the role the personal parts are simply absent. */
export const addressShape: Shape<Address> = {
  name: optionalText('name', note('Needs a role for personal data.', '需要个人信息权限')),
  company: optionalText('companyName', note('Company.', '公司')),
  line1: optionalText('addressLine1', note('Needs a role for personal data.', '需要个人信息权限')),
  line2: optionalText('addressLine2', note('Needs a role for personal data.', '需要个人信息权限')),
  line3: optionalText('addressLine3', note('Needs a role for personal data.', '需要个人信息权限')),
  district: firstOf(
    [
      optionalText('districtOrCounty', note('District or county.', '区 / 县')),
      optionalText('extendedFields.neighborhood', note('Brazil: bairro.', '巴西 bairro')),
    ],
    note('District or county; in Brazil the neighbourhood.', '区 / 县；巴西取 bairro'),
  ),
  city: firstOf(
    [
      optionalText('city', note('City.', '城市')),
      optionalText('municipality', note('Municipality.', '市镇')),
    ],
    note('City; the municipality where there is none.', '城市，缺失时取市镇'),
  ),
  region: optionalText(
    'stateOrRegion',
    note('As Amazon writes it: code or name.', '亚马逊原值，可能是代码或名称'),
  ),
  postal_code: optionalText('postalCode', note('Needs a role for personal data.', '需要个人信息权限')),
  country_code: optionalText('countryCode', note('GB, never UK.', '英国为 GB')),
  phone: optionalText(
    'phone',
    note('Never for FBA; withheld some time after delivery.', 'FBA 订单不返回；签收一段时间后不再返回'),
  ),
  phone_ext: absent(note('Part of the number.', '包含在电话号码中')),
  pii_state: derive(
    ['name', 'addressLine1'],
    (values) => (values.some(isText) ? 'clear' : 'absent'),
    note('clear when a name or a street came, else absent.', '有收件人或街道为 clear，否则为 absent'),
  ),
  pii_expires_at: absent(note('Amazon sets no date.', '亚马逊不返回期限')),
}
