import type { Address } from '#canonical/address.ts'
import { text as note } from '#kernel/text.ts'
import { absent, derive, join, optionalText } from '#mapping/index.ts'
import type { Shape } from '#mapping/index.ts'

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
/** Shopee leaves the first or last letters and writes stars for the rest. */
const isMasked = (value: unknown): boolean => isText(value) && value.includes('**')

const masked = note('Masked with stars unless the app is approved.', '未获解密权限时以星号脱敏')

/** `recipient_address` of an order. */
export const addressShape: Shape<Address> = {
  name: optionalText('name', masked),
  company: absent(note('Shopee has no company.', 'Shopee 不返回公司')),
  line1: optionalText('full_address', note('The whole address as one text.', '完整地址文本')),
  line2: absent(note('Contained in the first line.', '已含于第 1 行')),
  line3: absent(note('Contained in the first line.', '已含于第 1 行')),
  district: join(
    ['town', 'district'],
    ', ',
    note(
      'Town, then district; which of them is used differs by market.',
      '依次为 town、district,各站点使用不同',
    ),
  ),
  city: optionalText('city', note('City.', '城市')),
  region: optionalText('state', note('State or province.', '州 / 省')),
  postal_code: optionalText('zipcode', note('Empty where the market has none.', '无邮编的站点为空')),
  country_code: derive(
    ['region'],
    ([region]) => (isText(region) && /^[A-Z]{2}$/.test(region) ? region : null),
    note('Country code; null when it is masked.', '国家代码,脱敏时为 null'),
  ),
  phone: optionalText('phone', masked),
  phone_ext: absent(note('Shopee has none.', 'Shopee 不返回')),
  pii_state: derive(
    ['name', 'phone', 'full_address'],
    (values) => (values.some(isMasked) ? 'masked' : values.some(isText) ? 'clear' : 'absent'),
    note('masked when name, phone or address holds stars.', '姓名、电话或地址含星号即为 masked'),
  ),
  pii_expires_at: absent(note('Shopee sets no date.', 'Shopee 不返回期限')),
}
