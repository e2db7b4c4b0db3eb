import type { Address } from '#canonical/address.ts'
import { text as note } from '#kernel/text.ts'
import { absent, choice, derive, firstOf, join, optionalText } from '#mapping/index.ts'
import type { Refuse, Shape } from '#mapping/index.ts'
import { countryByRegionId, countryBySiteId } from './markets.ts'

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const personal = note('Masked without Temu’s approval.', '未获审批时为脱敏值')

/** Temu's forwarding numbers: ten digits and an extension of four. Others are left whole. */
const withExtension = /^(\d{10})[\s,;x#-]+(\d{4})$/

function partOfPhone([mobile]: readonly unknown[], part: 1 | 2, refuse: Refuse): string | null {
  if (mobile === undefined || mobile === null || mobile === '') return null
  if (typeof mobile !== 'string') {
    refuse(0, 'text')
    return null
  }
  const match = withExtension.exec(mobile)
  return match ? match[part]! : part === 1 ? mobile : null
}

function piiStateOf(values: readonly unknown[]): Address['pii_state'] {
  const texts = values.filter(isText)
  if (texts.length === 0) return 'absent'
  return texts.some((value) => value.includes('*')) ? 'masked' : 'clear'
}

/** Answer of bg.order.shippinginfo.v2.get or bg.order.decryptshippinginfo.get, which have the same fields. */
export const addressShape: Shape<Address> = {
  name: firstOf(
    [
      optionalText('receiptName', personal),
      join(['addressExtra.firstName', 'addressExtra.lastName'], ' ', personal),
    ],
    note('receiptName, else first and last name.', 'receiptName,缺失时取姓与名'),
  ),
  company: absent(note('Temu has no company.', 'Temu 不返回公司')),
  line1: firstOf(
    [optionalText('addressLine1', personal), optionalText('addressLineAll', personal)],
    note('First line; the whole address where there are no lines.', '地址第 1 行,缺失时取整段地址'),
  ),
  line2: optionalText('addressLine2', personal),
  line3: optionalText('addressLine3', personal),
  district: optionalText('regionName4', note('Fourth level.', '第四级行政区')),
  city: optionalText('regionName3', note('Third level.', '第三级行政区')),
  region: optionalText('regionName2', note('Second level: state or province.', '第二级行政区(州/省)')),
  postal_code: optionalText('postCode', note('Not masked.', '不脱敏')),
  country_code: firstOf(
    [
      choice(
        '/order.parentOrderMap.regionId',
        countryByRegionId,
        null,
        note('Region of the order.', '订单区域'),
      ),
      choice('/order.parentOrderMap.siteId', countryBySiteId, null, note('Country of the site.', '站点国家')),
    ],
    note(
      'Temu writes the country as a name only; from the region, else the site.',
      '地址仅含国家名称,由区域或站点推导',
    ),
  ),
  phone: derive(
    ['mobile'],
    (values, refuse) => partOfPhone(values, 1, refuse),
    note('Often a forwarding number of ten digits.', '多为 10 位虚拟号'),
  ),
  phone_ext: derive(
    ['mobile'],
    (values, refuse) => partOfPhone(values, 2, refuse),
    note('Four digits behind a forwarding number.', '虚拟号后的 4 位分机'),
  ),
  pii_state: derive(
    ['receiptName', 'addressLine1', 'addressLineAll'],
    piiStateOf,
    note(
      'masked when name or street have a star; absent when neither came.',
      '姓名或街道含 * 为 masked,均缺失为 absent',
    ),
  ),
  pii_expires_at: absent(note('Temu sets no date.', 'Temu 不返回期限')),
}
