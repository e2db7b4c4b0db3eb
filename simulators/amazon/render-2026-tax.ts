import { present } from './amounts.ts'
import type { OrderItem, SimulatedOrder } from './order.ts'
import { renderAddress } from './render-2026-recipient.ts'
import type { View } from './view.ts'

/** Tax facts exist only where the country asks sellers for them, or where the platform collects the tax. */
export function renderOrderTax(order: SimulatedOrder, view: View): object | undefined {
  const { country, buyer } = order
  if (country === 'BR')
    return {
      taxRegistrations: [
        present({
          entityType: 'BUYER',
          legalName: buyer.company ?? (view.pii ? buyer.name : undefined),
          taxRegistrationType: buyer.company ? 'CNPJ' : 'CPF',
          taxRegistrationNumber: buyer.taxNumber,
        }),
        { entityType: 'MARKETPLACE', taxRegistrationType: 'CNPJ', taxRegistrationNumber: '55555555000155' },
      ],
      taxInvoicing: { invoiceStatus: order.status === 'SHIPPED' ? 'ACCEPTED' : 'PROCESSING' },
    }
  if (country === 'TR')
    return {
      taxRegistrations: [
        present({
          entityType: 'BUYER',
          legalName: buyer.company ?? (view.pii ? buyer.name : undefined),
          taxRegistrationType: 'BUSINESS',
          taxRegistrationNumber: buyer.taxNumber,
          taxRegistrationAddress: renderAddress(order, view),
          taxRegistrationAttributes: buyer.company
            ? [{ key: 'TAX_OFFICE', value: 'Kadıköy Vergi Dairesi' }]
            : undefined,
        }),
      ],
      taxInvoicing: { buyerInvoicePreference: buyer.company ? 'BUSINESS' : 'INDIVIDUAL' },
    }
  if (!buyer.company) return undefined
  return {
    taxRegistrations: [
      {
        entityType: 'BUYER',
        legalName: buyer.company,
        taxRegistrationType: 'VAT',
        taxRegistrationNumber: buyer.taxNumber,
      },
    ],
  }
}

/** Countries whose sales from abroad go through the union's one-stop scheme. */
const unionScheme = new Set(['DE', 'FR', 'IT', 'ES', 'NL', 'PL'])

export function renderItemTax(order: SimulatedOrder, item: OrderItem): object | undefined {
  if (order.country === 'US' && item.tax > 0)
    return {
      taxCollections: [{ model: 'MARKETPLACE_FACILITATOR', responsibleParty: 'Amazon Services, Inc.' }],
    }
  if (unionScheme.has(order.country) && order.serial % 3 === 0)
    return { taxCalculationBreakdowns: [{ reportingScheme: 'UOSS' }] }
  return undefined
}
