import { nilgiri, runAirline } from '@fanfare/kit'
import { buildApp } from './app.ts'

await runAirline({ carrier: nilgiri, buildApp })
