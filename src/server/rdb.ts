/** Puts what reads and writes RDB into a store, with the figures about it. */

import type { Store } from '../engine/store.js'
import { infoFigures } from '../introspection/info/figures.js'
import { Migrations, migrations } from '../persistence/migrate/migrations.js'
import { KeptLibraries, libraries } from '../persistence/rdb/libraries.js'
import { LoadFigures, loadFigures } from '../persistence/rdb/load-file.js'
import { ValueCodec, valueCodec } from '../persistence/rdb/value-codec.js'

export function provideRdb(store: Store): void {
  const { config, environment, keyspace, services } = store
  const codec = services.provide(valueCodec, new ValueCodec(keyspace, config, environment.log))
  const last = services.provide(loadFigures, new LoadFigures())
  if (!services.has(libraries)) services.provide(libraries, new KeptLibraries())
  const moves = services.provide(migrations, new Migrations(store))
  const figures = services.get(infoFigures)
  figures.supply('rdb_last_load_keys_expired', () => last.expired)
  figures.supply('rdb_last_load_keys_loaded', () => last.loaded)
  figures.supply('migrate_cached_sockets', () => moves.cachedTargets)
  figures.supply('dump_payload_sanitizations', () => codec.sanitized)
}
