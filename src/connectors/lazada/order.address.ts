import type { Address } from '#canonical/address.ts'
import { text as note } from '#kernel/text.ts'
import { absent, choice, firstOf, join } from '#mapping/index.ts'
import type { Shape } from '#mapping/index.ts'
import { countryCodeByName } from './markets.ts'
import { fromMembers, looseText } from './order.values.ts'
import { wordOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

const masked = note('Masked until the app passes the security review.', '应用通过安全评审前为脱敏数据')

function piiStateOf({ first_name, last_name, address1, phone }: Members): Address['pii_state'] {
  let isThere = false
  for (const value of [first_name, last_name, address1, phone]) {
    if (typeof value === 'string' && value.includes('**')) return 'masked'
    isThere ||= wordOf(value) !== null
  }
  return isThere ? 'clear' : 'absent'
}

/** `address_shipping` and `address_billing`. One call spells the district wrongly, both are read. */
export const addressShape: Shape<Address> = {
  name: join(['first_name', 'last_name'], ' ', masked),
  company: absent(note('Not in orders.', '订单接口不返回')),
  line1: looseText('address1', masked),
  line2: looseText('address2', note('Mostly unused.', '一般为空')),
  line3: absent(note('The further lines are levels of the place.', '其余行为行政区划')),
  district: firstOf(
    [
      looseText('addressDistrict', note('/order/get.', '/order/get')),
      looseText('addressDsitrict', note('Spelled so in /orders/get.', '/orders/get 的拼写如此')),
      fromMembers(
        ['address5', 'post_code'],
        ({ address5, post_code }) => (wordOf(address5) === wordOf(post_code) ? null : wordOf(address5)),
        note('Unless it repeats the post code.', '与邮编相同时忽略'),
      ),
    ],
    note('District; else address5, where it is not the post code.', '区;缺失时取 address5(与邮编不同时)'),
  ),
  city: firstOf(
    [
      looseText('city', note('City.', '城市')),
      looseText('address4', note('City in some countries.', '部分国家的城市')),
    ],
    note('city; else address4.', 'city,缺失时取 address4'),
  ),
  region: looseText('address3', note('State or province.', '州或省')),
  postal_code: looseText('post_code', note('Post code.', '邮编')),
  country_code: choice(
    'country',
    countryCodeByName,
    null,
    note('Lazada sends the English name.', '平台返回英文国家名'),
  ),
  phone: firstOf([looseText('phone', masked), looseText('phone2', masked)], masked),
  phone_ext: absent(note('Not used.', '无')),
  pii_state: fromMembers(
    ['first_name', 'last_name', 'address1', 'phone'],
    piiStateOf,
    note('masked where stars stand in name, street or phone.', '姓名、地址或电话含 ** 即为 masked'),
  ),
  pii_expires_at: absent(note('Lazada sets no date.', '平台不返回期限')),
}
