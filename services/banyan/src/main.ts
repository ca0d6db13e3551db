import { banyan, runAirline } from '@fanfare/kit'
import { buildApp } from './app.ts'

await runAirline({ carrier: banyan, buildApp })
