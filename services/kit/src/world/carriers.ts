import { airportCodes } from './airports.ts'
import type { Allowance, Cabin, Carrier, FareBrand, SeatZone } from './types.ts'

const rupees = (n: number) => n * 100
const dollars = (n: number) => Math.round(n * 100)
const dirhams = (n: number) => Math.round(n * 100)
const baht = (n: number) => n * 100

const carryOn = (weightKg: number): Allowance => ({ kind: 'carry_on', pieces: null, weightKg })
const byWeight = (weightKg: number): Allowance => ({ kind: 'checked', pieces: null, weightKg })
const pieces = (kind: Allowance['kind'], count: number, weightKg: number): Allowance => ({
  kind,
  pieces: count,
  weightKg,
})

const everyZone: SeatZone[] = ['standard', 'preferred', 'front', 'exit']

/** Full service from Delhi and Mumbai, three cabins, baggage by weight; also sells Banyan's domestic flights. */
export const saffron: Carrier = {
  name: 'saffron',
  designator: '0S',
  title: 'Saffron Airways',
  currency: 'INR',
  exponent: 2,
  minorPerRupee: 100,
  hubs: ['DEL', 'BOM'],
  airports: airportCodes(),
  pointToPoint: [
    ['BLR', 'MAA'],
    ['HYD', 'CCU'],
    ['MAA', 'SIN'],
  ],
  connections: true,
  fleet: [
    { layout: '32N-J12W18Y132', maxKm: 5200 },
    { layout: '789-J30W21Y241', maxKm: 9500 },
    { layout: '77W-J40W24Y276', maxKm: 15500 },
  ],
  codeshare: { partner: 'banyan', numberOffset: 7000, rows: 4 },
  firstFlightNumber: 101,
  brands: [
    saffronBrand('ESAVER', 'Saver', 'economy', 'L', 1, 3500, null, 15, []),
    saffronBrand('ECLASSIC', 'Classic', 'economy', 'M', 1.18, 2500, 3500, 25, ['standard']),
    saffronBrand('EFLEX', 'Flex', 'economy', 'Y', 1.45, 0, 500, 30, ['standard', 'preferred']),
    saffronBrand('PCLASSIC', 'Premium Classic', 'premium_economy', 'W', 1.9, 2500, 3500, 30, everyZone),
    saffronBrand('PFLEX', 'Premium Flex', 'premium_economy', 'R', 2.2, 0, 500, 35, everyZone),
    saffronBrand('BCLASSIC', 'Business Classic', 'business', 'D', 3.7, 2500, 5000, 35, everyZone),
    saffronBrand('BFLEX', 'Business Flex', 'business', 'J', 4.4, 0, 0, 40, everyZone),
  ],
  baggage: [5, 10, 15, 20, 30].map((kg) => ({
    code: `XBAG${kg}`,
    allowance: byWeight(kg),
    price: { domestic: rupees(kg * 110), international: rupees(kg * 480) },
    maxQuantity: 1,
  })),
  fareLevel: { fixed: rupees(1500), perKm: rupees(2.9) },
  fareRounding: rupees(10),
  passengerFactor: { adult: 1, child: 0.75, infant: 0.1 },
  seatPrice: {
    standard: { domestic: rupees(250), international: rupees(900) },
    preferred: { domestic: rupees(450), international: rupees(1600) },
    front: { domestic: rupees(700), international: rupees(2400) },
    exit: { domestic: rupees(900), international: rupees(3500) },
  },
  holdMinutes: 24 * 60,
  offerMinutes: 30,
  freeCancelMinutes: 24 * 60,
}

function saffronBrand(
  code: string,
  name: string,
  cabin: Cabin,
  bookingClass: string,
  factor: number,
  changeFee: number,
  cancelFee: number | null,
  checkedKg: number,
  includedSeatZones: SeatZone[],
): FareBrand {
  return {
    code,
    name,
    cabin,
    bookingClass,
    factor,
    changeFee: rupees(changeFee),
    cancelFee: cancelFee === null ? null : rupees(cancelFee),
    allowances: [carryOn(cabin === 'economy' ? 7 : 12), byWeight(checkedKg)],
    infantAllowances: [byWeight(10)],
    includedSeatZones,
  }
}

/** Low cost from Delhi, Bengaluru and Hyderabad: one cabin, everything but the seat itself sold apart. */
export const monsoon: Carrier = {
  name: 'monsoon',
  designator: '0U',
  title: 'Monsoon',
  currency: 'INR',
  exponent: 2,
  minorPerRupee: 100,
  hubs: ['DEL', 'BLR', 'HYD'],
  airports: [...airportCodes('IN'), 'DXB', 'DOH', 'SIN', 'BKK', 'KUL', 'CMB', 'KTM', 'DAC', 'MLE', 'MCT', 'AUH'],
  pointToPoint: [
    ['BOM', 'GOI'],
    ['BOM', 'CCU'],
    ['BOM', 'MAA'],
    ['BOM', 'COK'],
    ['BOM', 'AMD'],
    ['BOM', 'JAI'],
    ['BOM', 'DXB'],
    ['PNQ', 'NAG'],
    ['MAA', 'CCU'],
    ['CCU', 'GAU'],
    ['CCU', 'IXB'],
    ['MAA', 'CMB'],
  ],
  connections: false,
  fleet: [
    { layout: 'AT7-Y68', maxKm: 450 },
    { layout: '32N-Y180', maxKm: 5500 },
  ],
  codeshare: null,
  firstFlightNumber: 2001,
  brands: [
    {
      code: 'GO',
      name: 'Go',
      cabin: 'economy',
      bookingClass: 'V',
      factor: 1,
      changeFee: rupees(2999),
      cancelFee: rupees(3500),
      allowances: [pieces('carry_on', 1, 7)],
      infantAllowances: [],
      includedSeatZones: [],
    },
    {
      code: 'GOEASY',
      name: 'Go Easy',
      cabin: 'economy',
      bookingClass: 'S',
      factor: 1.3,
      changeFee: 0,
      cancelFee: rupees(999),
      allowances: [pieces('carry_on', 1, 7)],
      infantAllowances: [],
      includedSeatZones: [],
    },
  ],
  baggage: [
    {
      code: 'BAG15',
      allowance: pieces('checked', 1, 15),
      price: { domestic: rupees(1400), international: rupees(3200) },
      maxQuantity: 3,
    },
    {
      code: 'BAG23',
      allowance: pieces('checked', 1, 23),
      price: { domestic: rupees(2300), international: rupees(4900) },
      maxQuantity: 3,
    },
    {
      code: 'CABIN10',
      allowance: pieces('carry_on', 1, 10),
      price: { domestic: rupees(799), international: rupees(1299) },
      maxQuantity: 1,
    },
  ],
  fareLevel: { fixed: rupees(900), perKm: rupees(2.3) },
  fareRounding: rupees(1),
  passengerFactor: { adult: 1, child: 1, infant: 0.15 },
  seatPrice: {
    standard: { domestic: rupees(199), international: rupees(499) },
    preferred: { domestic: rupees(349), international: rupees(799) },
    front: { domestic: rupees(599), international: rupees(1299) },
    exit: { domestic: rupees(799), international: rupees(1799) },
  },
  holdMinutes: 0,
  offerMinutes: 15,
  freeCancelMinutes: 0,
}

/** A network carrier over Mumbai and Bengaluru: two cabins, baggage by piece, sold in dollars. */
export const banyan: Carrier = {
  name: 'banyan',
  designator: '0Z',
  title: 'Banyan Air',
  currency: 'USD',
  exponent: 2,
  minorPerRupee: 100 / 88,
  hubs: ['BOM', 'BLR'],
  airports: airportCodes(),
  pointToPoint: [
    ['DEL', 'HYD'],
    ['DEL', 'COK'],
  ],
  connections: true,
  fleet: [
    { layout: '32N-J12Y138', maxKm: 1800 },
    { layout: '32Q-J16Y172', maxKm: 5600 },
    { layout: '359-J36Y293', maxKm: 15500 },
  ],
  codeshare: null,
  firstFlightNumber: 201,
  brands: [
    banyanBrand('YBASIC', 'Economy Basic', 'economy', 'T', 1, null, null, 0, []),
    banyanBrand('YVALUE', 'Economy Value', 'economy', 'K', 1.15, 40, 60, 1, ['standard']),
    banyanBrand('YFULL', 'Economy Full', 'economy', 'B', 1.5, 0, 15, 2, everyZone),
    banyanBrand('CVALUE', 'Business Value', 'business', 'I', 3.5, 60, 120, 2, everyZone),
    banyanBrand('CFULL', 'Business Full', 'business', 'C', 4.2, 0, 0, 3, everyZone),
  ],
  baggage: [
    {
      code: 'BG23',
      allowance: pieces('checked', 1, 23),
      price: { domestic: dollars(24), international: dollars(75) },
      maxQuantity: 3,
    },
    {
      code: 'BG32',
      allowance: pieces('checked', 1, 32),
      price: { domestic: dollars(42), international: dollars(130) },
      maxQuantity: 2,
    },
  ],
  fareLevel: { fixed: dollars(18), perKm: dollars(0.033) },
  fareRounding: dollars(1),
  passengerFactor: { adult: 1, child: 0.75, infant: 0.1 },
  seatPrice: {
    standard: { domestic: dollars(3.5), international: dollars(12) },
    preferred: { domestic: dollars(6), international: dollars(22) },
    front: { domestic: dollars(9), international: dollars(30) },
    exit: { domestic: dollars(12), international: dollars(45) },
  },
  holdMinutes: 12 * 60,
  offerMinutes: 30,
  freeCancelMinutes: 24 * 60,
}

function banyanBrand(
  code: string,
  name: string,
  cabin: Cabin,
  bookingClass: string,
  factor: number,
  changeFee: number | null,
  cancelFee: number | null,
  checkedPieces: number,
  includedSeatZones: SeatZone[],
): FareBrand {
  const checked = checkedPieces === 0 ? [] : [pieces('checked', checkedPieces, cabin === 'economy' ? 23 : 32)]
  return {
    code,
    name,
    cabin,
    bookingClass,
    factor,
    changeFee: changeFee === null ? null : dollars(changeFee),
    cancelFee: cancelFee === null ? null : dollars(cancelFee),
    allowances: [pieces('carry_on', 1, 8), ...checked],
    infantAllowances: [pieces('checked', 1, 10)],
    includedSeatZones,
  }
}

/** Long haul over Bangkok and Bengaluru: bundles that carry baggage and seats, sold in baht at prices that move between looks. */
export const lotus: Carrier = {
  name: 'lotus',
  designator: '0L',
  title: 'Lotus Air',
  currency: 'THB',
  exponent: 2,
  minorPerRupee: 100 / 2.5,
  hubs: ['BKK', 'BLR'],
  airports: [
    ...airportCodes('!IN'),
    ...['DEL', 'BOM', 'BLR', 'HYD', 'MAA', 'CCU', 'AMD', 'COK', 'GOI', 'GAU', 'JAI', 'LKO', 'VNS'],
  ],
  pointToPoint: [],
  connections: true,
  // Enough for Delhi–Bengaluru–Mumbai and Delhi–Bangkok–Tokyo; nobody flies from Delhi to Mumbai over Bangkok.
  longestDetour: 2.4,
  fleet: [
    { layout: '32Q-J16Y172', maxKm: 3600 },
    { layout: '359-J36Y293', maxKm: 8000 },
    { layout: '789-J30W21Y241', maxKm: 10500 },
    { layout: '77W-J40W24Y276', maxKm: 15500 },
  ],
  codeshare: null,
  firstFlightNumber: 501,
  brands: [
    lotusBundle('YLIGHT', 'Light', 'economy', 'L', 1, 2400, null, 0, []),
    lotusBundle('YVALUE', 'Value', 'economy', 'V', 1.16, 1200, 2400, 1, ['standard']),
    lotusBundle('YFLEX', 'Flex', 'economy', 'Y', 1.44, 0, 600, 2, ['standard', 'preferred', 'front']),
    lotusBundle('WVALUE', 'Premium Value', 'premium_economy', 'P', 1.85, 1200, 2400, 2, everyZone),
    lotusBundle('WFLEX', 'Premium Flex', 'premium_economy', 'W', 2.2, 0, 0, 2, everyZone),
    lotusBundle('CVALUE', 'Business Value', 'business', 'D', 3.4, 1200, 3600, 2, everyZone),
    lotusBundle('CFLEX', 'Business Flex', 'business', 'C', 4.1, 0, 0, 3, everyZone),
  ],
  baggage: [
    {
      code: 'BAG23',
      allowance: pieces('checked', 1, 23),
      price: { domestic: baht(700), international: baht(2100) },
      maxQuantity: 3,
    },
    {
      code: 'BAG32',
      allowance: pieces('checked', 1, 32),
      price: { domestic: baht(1150), international: baht(3450) },
      maxQuantity: 2,
    },
  ],
  fareLevel: { fixed: baht(700), perKm: baht(1.3) },
  fareRounding: baht(1),
  priceDrift: { share: 0.15, most: 0.06, minutes: 15 },
  passengerFactor: { adult: 1, child: 0.75, infant: 0.1 },
  seatPrice: {
    standard: { domestic: baht(90), international: baht(350) },
    preferred: { domestic: baht(160), international: baht(650) },
    front: { domestic: baht(250), international: baht(990) },
    exit: { domestic: baht(340), international: baht(1450) },
  },
  holdMinutes: 30,
  offerMinutes: 20,
  freeCancelMinutes: 4 * 60,
}

function lotusBundle(
  code: string,
  name: string,
  cabin: Cabin,
  bookingClass: string,
  factor: number,
  changeFee: number,
  cancelFee: number | null,
  checkedPieces: number,
  includedSeatZones: SeatZone[],
): FareBrand {
  const checked = checkedPieces === 0 ? [] : [pieces('checked', checkedPieces, cabin === 'business' ? 32 : 23)]
  return {
    code,
    name,
    cabin,
    bookingClass,
    factor,
    changeFee: baht(changeFee),
    cancelFee: cancelFee === null ? null : baht(cancelFee),
    allowances: [pieces('carry_on', cabin === 'economy' ? 1 : 2, 7), ...checked],
    infantAllowances: [pieces('checked', 1, 10)],
    includedSeatZones,
  }
}

/** An old carrier between India and the Gulf, over Dubai and Kochi: two cabins, baggage by weight, sold in dirhams. */
export const nilgiri: Carrier = {
  name: 'nilgiri',
  designator: '0N',
  title: 'Nilgiri',
  currency: 'AED',
  exponent: 2,
  minorPerRupee: 100 / 24,
  hubs: ['COK', 'DXB'],
  airports: [
    ...airportCodes('IN'),
    ...['DXB', 'DOH', 'AUH', 'MCT', 'KWI', 'RUH', 'JED', 'BAH'],
    ...['LHR', 'FRA', 'CDG', 'AMS', 'ZRH', 'IST', 'MUC', 'MXP', 'MAN'],
    ...['SIN', 'BKK', 'KUL', 'HKG', 'CMB', 'KTM', 'DAC', 'MLE', 'CGK', 'MNL'],
  ],
  pointToPoint: [
    ['DEL', 'BOM'],
    ['BOM', 'MAA'],
    ['MAA', 'TRZ'],
    ['DEL', 'AUH'],
  ],
  connections: true,
  longestDetour: 1.8,
  fleet: [
    { layout: '32N-J12Y138', maxKm: 3800 },
    { layout: '333-J30Y260', maxKm: 11000 },
  ],
  codeshare: null,
  firstFlightNumber: 301,
  brands: [
    nilgiriBrand('YSAVER', 'Saver', 'economy', 'K', 1, 120, null, byWeight(15), []),
    nilgiriBrand('YVALUE', 'Value', 'economy', 'M', 1.16, 80, 150, byWeight(23), ['standard']),
    nilgiriBrand('YFULL', 'Full Fare', 'economy', 'Y', 1.5, 0, 40, byWeight(30), everyZone),
    nilgiriBrand('CVALUE', 'Business Value', 'business', 'D', 3.4, 100, 250, pieces('checked', 2, 32), everyZone),
    nilgiriBrand('CFULL', 'Business', 'business', 'C', 4, 0, 0, pieces('checked', 2, 32), everyZone),
  ],
  baggage: [
    ...[5, 10, 15, 20].map((kg) => ({
      code: `XBAG${kg}K`,
      allowance: byWeight(kg),
      price: { domestic: dirhams(kg * 5), international: dirhams(kg * 20) },
      maxQuantity: 1,
    })),
    {
      code: 'XBAG1PC',
      allowance: pieces('checked', 1, 23),
      price: { domestic: dirhams(110), international: dirhams(390) },
      maxQuantity: 2,
    },
  ],
  fareLevel: { fixed: dirhams(60), perKm: dirhams(0.12) },
  fareRounding: dirhams(5),
  passengerFactor: { adult: 1, child: 0.75, infant: 0.1 },
  seatPrice: {
    standard: { domestic: dirhams(12), international: dirhams(35) },
    preferred: { domestic: dirhams(20), international: dirhams(60) },
    front: { domestic: dirhams(30), international: dirhams(95) },
    exit: { domestic: dirhams(40), international: dirhams(140) },
  },
  holdMinutes: 6 * 60,
  offerMinutes: 30,
  freeCancelMinutes: 24 * 60,
}

function nilgiriBrand(
  code: string,
  name: string,
  cabin: Cabin,
  bookingClass: string,
  factor: number,
  changeFee: number,
  cancelFee: number | null,
  checked: Allowance,
  includedSeatZones: SeatZone[],
): FareBrand {
  return {
    code,
    name,
    cabin,
    bookingClass,
    factor,
    changeFee: dirhams(changeFee),
    cancelFee: cancelFee === null ? null : dirhams(cancelFee),
    allowances: [carryOn(cabin === 'economy' ? 7 : 12), checked],
    infantAllowances: [byWeight(10)],
    includedSeatZones,
  }
}

/** Every carrier of the world by name: what they know of each other's timetables, too. */
export const carriers: ReadonlyMap<string, Carrier> = new Map(
  [saffron, monsoon, banyan, nilgiri, lotus].map((carrier) => [carrier.name, carrier]),
)
