import { runAirline, saffron } from '@fanfare/kit'
import { buildApp } from './app.ts'

await runAirline({ carrier: saffron, buildApp })
