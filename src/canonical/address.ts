import { about, maybeInstant, maybeText, nullable, object, openEnum } from './schema.ts'
import type { Static } from './schema.ts'
import { piiStates } from './status.ts'

/** Where a parcel goes. Every part may be withheld by the platform; `pii_state` says what is known of that. */
export const Address = object(
  {
    name: maybeText('Recipient.', '收件人', { pii: true }),
    company: maybeText('Company.', '公司', { pii: true }),
    line1: maybeText('First address line.', '地址第 1 行', { pii: true }),
    line2: maybeText('Second address line.', '地址第 2 行', { pii: true }),
    line3: maybeText('Third address line.', '地址第 3 行', { pii: true }),
    district: maybeText('District, county or neighbourhood.', '区 / 县'),
    city: maybeText('City.', '城市'),
    region: maybeText('State, province or region.', '州 / 省'),
    postal_code: maybeText('Postal code.', '邮编', { pii: true }),
    country_code: maybeText('ISO 3166-1 alpha-2.', '国家二字码'),
    phone: maybeText('Telephone.', '电话', { pii: true }),
    phone_ext: maybeText('Extension to dial after the number.', '电话分机', { pii: true }),
    pii_state: openEnum(
      piiStates,
      about(
        'Whether the personal parts are clear, masked, encrypted, expired or absent.',
        '个人信息状态：明文、脱敏、加密、已过期或缺失',
      ),
    ),
    pii_expires_at: maybeInstant(
      'When the platform will withhold the personal parts.',
      '平台停止提供个人信息的时间',
    ),
  },
  { title: 'Address' },
)
export type Address = Static<typeof Address>
export const maybeAddress = (en: string, zh: string) => nullable(Address, about(en, zh))
