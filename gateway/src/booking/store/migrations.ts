import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Tables } from './tables.ts'

const migrations: Record<string, Migration> = {
  '001_bookings': {
    async up(db) {
      await db.schema
        .createTable('bookings')
        .addColumn('reference', 'text', (column) => column.primaryKey())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('pay_by', 'bigint')
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('acknowledged', 'integer', (column) => column.notNull())
        .addColumn('request', 'text', (column) => column.notNull())
        .execute()
      await db.schema.createIndex('bookings_by_age').on('bookings').columns(['created_at', 'reference']).execute()
      await db.schema
        .createIndex('bookings_by_status')
        .on('bookings')
        .columns(['status', 'created_at', 'reference'])
        .execute()
      await db.schema
        .createTable('orders')
        .addColumn('client_reference', 'text', (column) => column.primaryKey())
        .addColumn('reference', 'text', (column) => column.notNull().references('bookings.reference'))
        .addColumn('number', 'integer', (column) => column.notNull())
        .addColumn('place', 'integer', (column) => column.notNull())
        .addColumn('airline', 'text', (column) => column.notNull())
        .addColumn('offer_id', 'text', (column) => column.notNull())
        .addColumn('way', 'text', (column) => column.notNull())
        .addColumn('airline_reference', 'text')
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('plan', 'text')
        .addUniqueConstraint('orders_of_booking', ['reference', 'number'])
        .execute()
      await db.schema
        .createTable('history')
        .addColumn('reference', 'text', (column) => column.notNull().references('bookings.reference'))
        .addColumn('number', 'integer', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('airline', 'text')
        .addColumn('event', 'text', (column) => column.notNull())
        .addColumn('detail', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('history_of_booking', ['reference', 'number'])
        .execute()
      await db.schema
        .createTable('jobs')
        .addColumn('reference', 'text', (column) => column.primaryKey().references('bookings.reference'))
        .addColumn('due_at', 'bigint', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('lease_owner', 'text')
        .addColumn('lease_until', 'bigint')
        .execute()
      await db.schema.createIndex('jobs_by_due').on('jobs').column('due_at').execute()
      await db.schema
        .createTable('idempotency_keys')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('payload_hash', 'text', (column) => column.notNull())
        .addColumn('reference', 'text', (column) => column.notNull().references('bookings.reference'))
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema.createIndex('idempotency_keys_by_expiry').on('idempotency_keys').column('expires_at').execute()
    },
  },
  '002_world_time': {
    async up(db: Kysely<Tables>) {
      await db.schema.alterTable('jobs').addColumn('lapses_at', 'bigint').execute()
      await db.schema.createIndex('jobs_by_lapse').on('jobs').column('lapses_at').execute()
      const held = db.selectFrom('bookings').select('reference').where('pay_by', 'is not', null)
      await db
        .updateTable('jobs')
        .set(({ ref }) => ({ lapses_at: ref('due_at'), due_at: 8.64e15 }))
        .where('reference', 'in', held)
        .execute()
    },
  },
}

/** Brings the schema up to date, in one transaction: several gateways may do it at once, and a kill leaves nothing half done. */
export async function migrate<Schema>(db: Kysely<Schema>): Promise<void> {
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest()
  if (error !== undefined) throw error
}
