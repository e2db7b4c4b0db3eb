import { isRefusal, refuse } from './envelope.ts'
import type { Refusal } from './envelope.ts'
import { readCount, readTexts } from './operation.ts'
import type { ApiCall, Operation } from './operation.ts'
import type { SimulatedOrder } from './order.ts'
import {
  fulfilmentTypeOf,
  labelsOf,
  renderAddress,
  renderAmounts,
  renderDetail,
  renderEntry,
} from './render.ts'

type Keeps = (order: SimulatedOrder) => boolean
type TimeOf = (order: SimulatedOrder) => number | null

/** Pairs of ends, both belonging to the span, in seconds (docs: bg.order.list.v2.get). */
const spans: readonly (readonly [from: string, to: string, timeOf: TimeOf])[] = [
  ['createAfter', 'createBefore', ({ createdMs }) => createdMs],
  ['updateAtStart', 'updateAtEnd', ({ updatedMs }) => updatedMs],
  ['parentConfirmTimeStart', 'parentConfirmTimeEnd', ({ confirmedMs }) => confirmedMs],
  ['expectShipLatestTimeStart', 'expectShipLatestTimeEnd', ({ createdMs }) => createdMs + 72 * 3_600_000],
]

function readSpans({ parameters, world, type }: ApiCall): Keeps | Refusal {
  const isOpen = world.faults.strikes('window_end', type)
  const tests: Keeps[] = []
  for (const [fromName, toName, timeOf] of spans) {
    const from = readCount(parameters[fromName])
    const to = readCount(parameters[toName])
    if (from === undefined && to === undefined) continue
    if (typeof from !== 'number' || typeof to !== 'number' || from > to) return refuse(3000000)
    tests.push((order) => {
      const ms = timeOf(order)
      const at = ms === null ? -1 : Math.floor(ms / 1000)
      return isOpen ? at > from && at < to : at >= from && at <= to
    })
  }
  return (order) => tests.every((test) => test(order))
}

/** Filters beside the spans. */
function readFilters({ parameters, world }: ApiCall): Keeps | Refusal {
  const status = readCount(parameters['parentOrderStatus']) ?? 0
  const ids = readTexts(parameters['parentOrderSnList'])
  const fulfilments = readTexts(parameters['fulfillmentTypeList'])
  const labels = readTexts(parameters['parentOrderLabel'])
  const regionId = readCount(parameters['regionId'])
  if (ids === null || fulfilments === null || labels === null || regionId === null) return refuse(3000000)
  if (ids && ids.length > 20) return refuse(140020002)
  const nowMs = world.pace.clock.nowMs()
  return (order) =>
    (status === 0 || order.status === status) &&
    (!ids || ids.includes(order.parentOrderSn)) &&
    (!fulfilments || fulfilments.includes(fulfilmentTypeOf(order))) &&
    (!labels || [...labelsOf(order, nowMs)].some((label) => labels.includes(label))) &&
    (regionId === undefined || order.mall.site.regionId === regionId)
}

/** What makes two calls pages of one walk: everything but the page. */
const bindingOf = ({ mall, parameters }: ApiCall): string =>
  JSON.stringify([mall.mallId, { ...parameters, pageNumber: 0, timestamp: 0, sign: '' }])

/** The orders that a call asks for, newest first. */
function findOrders(call: ApiCall): readonly SimulatedOrder[] | Refusal {
  const { parameters, world, mall } = call
  const isInSpan = readSpans(call)
  const passes = readFilters(call)
  if (isRefusal(isInSpan)) return isInSpan
  if (isRefusal(passes)) return passes
  const timeOf: (order: SimulatedOrder) => number =
    parameters['sortby'] === 'updateTime' ? ({ updatedMs }) => updatedMs : ({ createdMs }) => createdMs
  return world.book
    .ofMall(mall.mallId)
    .filter((order) => isInSpan(order) && passes(order))
    .filter((order) => !world.faults.marks('hidden_order', order.parentOrderSn))
    .toSorted((one, other) => timeOf(other) - timeOf(one) || other.serial - one.serial)
}

/** By page number; pages shift while orders change, as in the real list. */
function listOrders(lastPages: Map<string, number>): (call: ApiCall) => unknown {
  return (call) => {
    const { parameters, world, type } = call
    const { faults, pace } = world
    const pageNumber = readCount(parameters['pageNumber']) ?? 1
    const pageSize = readCount(parameters['pageSize']) ?? 10
    if (pageSize < 1 || pageSize > 100 || pageNumber < 1) return refuse(3000000)
    const found = findOrders(call)
    if (isRefusal(found)) return found
    const binding = bindingOf(call)
    const before = lastPages.get(binding) ?? pageNumber
    const isRepeat = before !== pageNumber && faults.strikes('repeated_page', type)
    lastPages.set(binding, pageNumber)
    const start = ((isRepeat ? before : pageNumber) - 1) * pageSize
    const nowMs = pace.clock.nowMs()
    return {
      totalItemNum: faults.strikes('low_total', type) ? Math.floor(found.length / 2) : found.length,
      pageItems: found.slice(start, start + pageSize).map((order) => renderEntry(order, nowMs, faults)),
    }
  }
}

/** The order of the caller's mall that is named. */
function readOrder({ world, mall, parameters }: ApiCall): SimulatedOrder | Refusal {
  const parentOrderSn = parameters['parentOrderSn']
  if (typeof parentOrderSn !== 'string' || parentOrderSn === '') return refuse(140020002)
  const order = world.book.find(parentOrderSn)
  return order?.mall.mallId === mall.mallId ? order : refuse(140020003)
}

/** The detail knows a new order a few seconds after the list. */
const detailLagMs = 3000

function getDetail(call: ApiCall): unknown {
  const order = readOrder(call)
  if (isRefusal(order)) return order
  const { pace, faults } = call.world
  const nowMs = pace.clock.nowMs()
  if (order.createdMs + pace.spanMs(detailLagMs) > nowMs) return refuse(140020009)
  return renderDetail(order, nowMs, faults)
}

/** Sites without decimals answer in the second version only. */
const withoutDecimals: ReadonlySet<string> = new Set(['JPY', 'KRW'])

const getAmounts =
  (isSecond: boolean) =>
  (call: ApiCall): unknown => {
    const order = readOrder(call)
    if (isRefusal(order)) return order
    if (withoutDecimals.has(order.mall.site.currency) !== isSecond) return refuse(140020015)
    return renderAmounts(order, call.world.faults)
  }

const getAddress =
  (isClear: boolean) =>
  (call: ApiCall): unknown => {
    const order = readOrder(call)
    return isRefusal(order) ? order : renderAddress(order, isClear)
  }

const listParameters = [
  'pageNumber',
  'pageSize',
  'parentOrderStatus',
  'parentOrderSnList',
  'regionId',
  'skuId',
  'fulfillmentTypeList',
  'parentOrderLabel',
  'packageAbnormalTypeList',
  'sortby',
  'hasPreSaleOrder',
  'hasQualificationRequiredOrder',
  ...spans.flatMap(([from, to]) => [from, to]),
]

export const openOrdersApi = (): readonly Operation[] => [
  { type: 'bg.order.list.v2.get', knows: listParameters, answer: listOrders(new Map()) },
  { type: 'bg.order.detail.v2.get', knows: ['parentOrderSn', 'fulfillmentTypeList'], answer: getDetail },
  { type: 'bg.order.amount.query', knows: ['parentOrderSn'], answer: getAmounts(false) },
  { type: 'temu.order.amount.v2.query', knows: ['parentOrderSn'], answer: getAmounts(true) },
  { type: 'bg.order.shippinginfo.v2.get', knows: ['parentOrderSn'], answer: getAddress(false) },
  { type: 'bg.order.decryptshippinginfo.get', knows: ['parentOrderSn'], answer: getAddress(true) },
]
