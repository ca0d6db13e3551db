import { lotus, runAirline } from '@fanfare/kit'
import { buildApp } from './app.ts'

await runAirline({ carrier: lotus, buildApp })
