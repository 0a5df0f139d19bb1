// Values into PostgreSQL in batches: an INSERT for many rows, a buffer while the database is slow, and no loss unnoticed.
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { merge, takeUntil, timer } from 'rxjs';
import { createStatisticsClient, numberOf, type StatisticValue } from 'genesys-statistics-rx';
import { toBatches, toReadable } from 'genesys-statistics-rx/node';
import { createSimulator } from 'genesys-statistics-rx/simulator';
import { startPostgres } from './support/postgres.ts';

using postgres = startPostgres();
if (postgres === undefined) {
  console.log('skipped: the package postgresql is not installed');
  process.exit();
}
const database = new pg.Client({ host: postgres.host, user: 'example', database: 'postgres' });
await database.connect();
await database.query('CREATE TABLE reading (at timestamptz NOT NULL, statistic text NOT NULL, object text NOT NULL, value float8)');

await using simulator = await createSimulator({ speed: 60, startAt: Date.parse('2026-05-04T09:00:00Z') });
await using client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 100, maxInterval: 100 } });

const queues = ['Sales@SIP', 'Support@SIP'];
const names = ['Current_In_Queue', 'Total_Answered', 'Total_Abandoned'];
const values$ = merge(...queues.flatMap((objectId) => names.map((name) => client.statistic$(name, { objectId, objectType: 'Queue' }))));

const sink = new Writable({
  objectMode: true,
  highWaterMark: 1, // values should wait in the buffer in front, which counts the ones that it drops
  write(batch: StatisticValue[], _, callback) {
    const columns = [
      batch.map(({ timestamp }) => new Date(timestamp ?? Date.now())),
      batch.map(({ name }) => name),
      batch.map(({ objectId }) => objectId),
      batch.map(({ value }) => numberOf(value)),
    ];
    database.query('INSERT INTO reading SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::float8[])', columns).then(() => {
      console.log('rows written:', batch.length);
      callback();
    }, callback);
  },
});

const onDrop = (count: number): void => console.warn('values lost, since the database is too slow:', count);
const readable = toReadable(values$.pipe(takeUntil(timer(4000))), { backPressure: { buffer: 10_000 }, onDrop });
await pipeline(readable, toBatches({ size: 500, within: 1000 }), sink);

const { rows } = await database.query('SELECT object, statistic, count(*)::int AS readings, max(value) AS highest FROM reading GROUP BY 1, 2 ORDER BY 1, 2');
console.table(rows);
await database.end();
