/** A metropolitan area: its IATA city code and its airports, the busiest first. */
export interface Metropolitan {
  code: string
  name: string
  airports: string[]
}

/**
 * Well-known cities that several airports serve. Some share their code with their main airport, as IATA has it.
 * A city is listed under the country of its first airport.
 */
export const metropolitanAreas: Metropolitan[] = [
  { code: 'BJS', name: 'Beijing', airports: ['PEK', 'PKX'] },
  { code: 'BKK', name: 'Bangkok', airports: ['BKK', 'DMK'] },
  { code: 'BUE', name: 'Buenos Aires', airports: ['EZE', 'AEP'] },
  { code: 'CHI', name: 'Chicago', airports: ['ORD', 'MDW'] },
  { code: 'DXB', name: 'Dubai', airports: ['DXB', 'DWC'] },
  { code: 'GOI', name: 'Goa', airports: ['GOI', 'GOX'] },
  { code: 'IST', name: 'Istanbul', airports: ['IST', 'SAW'] },
  { code: 'JKT', name: 'Jakarta', airports: ['CGK', 'HLP'] },
  { code: 'KUL', name: 'Kuala Lumpur', airports: ['KUL', 'SZB'] },
  { code: 'LON', name: 'London', airports: ['LHR', 'LGW', 'STN', 'LTN', 'LCY', 'SEN'] },
  { code: 'MEL', name: 'Melbourne', airports: ['MEL', 'AVV'] },
  { code: 'MIL', name: 'Milan', airports: ['MXP', 'LIN', 'BGY'] },
  { code: 'MOW', name: 'Moscow', airports: ['SVO', 'DME', 'VKO'] },
  { code: 'NYC', name: 'New York City', airports: ['JFK', 'EWR', 'LGA'] },
  { code: 'OSA', name: 'Osaka', airports: ['KIX', 'ITM'] },
  { code: 'PAR', name: 'Paris', airports: ['CDG', 'ORY'] },
  { code: 'RIO', name: 'Rio de Janeiro', airports: ['GIG', 'SDU'] },
  { code: 'ROM', name: 'Rome', airports: ['FCO', 'CIA'] },
  { code: 'SAO', name: 'São Paulo', airports: ['GRU', 'CGH', 'VCP'] },
  { code: 'SEL', name: 'Seoul', airports: ['ICN', 'GMP'] },
  { code: 'SHA', name: 'Shanghai', airports: ['PVG', 'SHA'] },
  { code: 'STO', name: 'Stockholm', airports: ['ARN', 'BMA', 'NYO'] },
  { code: 'TPE', name: 'Taipei', airports: ['TPE', 'TSA'] },
  { code: 'TYO', name: 'Tokyo', airports: ['HND', 'NRT'] },
  { code: 'WAS', name: 'Washington', airports: ['IAD', 'DCA', 'BWI'] },
  { code: 'YTO', name: 'Toronto', airports: ['YYZ', 'YTZ'] },
]

/** Large airports, roughly by traffic within India and then abroad: the airport data has no measure of size. */
export const largeAirports = [
  'DEL BOM BLR HYD MAA CCU AMD COK PNQ GOI GOX GAU JAI LKO TRV CCJ NAG IXC SXR PAT BBI IDR VNS IXB VTZ CJB ATQ RPR IXE IXR',
  'DXB LHR SIN HND ATL PEK PVG CAN IST CDG JFK LAX ORD FRA AMS DFW DEN HKG ICN BKK KUL CGK MAD BCN FCO MUC LGW EWR SFO SEA MIA',
  'DOH AUH SHJ KWI BAH MCT RUH JED DMM CMB MLE KTM DAC MRU NRT KIX TPE MNL SGN HAN SYD MEL PER BNE AKL ZRH VIE GVA BRU DUB MAN',
  'CPH ARN OSL HEL LIS ATH PRG WAW BUD SVO MXP YYZ YVR YUL BOS IAD IAH LAS MCO PHX GRU EZE MEX BOG SCL LIM JNB CPT NBO ADD CAI LOS',
].flatMap((line) => line.split(' '))

/** Names that people still type for cities that go by another now. */
export const formerNames: Record<string, string> = {
  BOM: 'Bombay',
  BLR: 'Bangalore',
  CCU: 'Calcutta',
  MAA: 'Madras',
  PNQ: 'Poona',
  COK: 'Cochin',
  TRV: 'Trivandrum',
  CCJ: 'Calicut',
  VNS: 'Benares',
  IXE: 'Mangalore',
  BDQ: 'Baroda',
  SGN: 'Saigon',
  RGN: 'Rangoon',
  CAN: 'Canton',
  PEK: 'Peking',
}
