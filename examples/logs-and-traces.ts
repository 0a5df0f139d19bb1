// The client's events as logs of pino and as spans of OpenTelemetry: both listen to its channels, and neither knows the client.
import { subscribe } from 'node:diagnostics_channel';
import { SpanStatusCode } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { pino } from 'pino';
import { createStatisticsClient, type StatisticsEvent } from 'genesys-statistics-rx';
import { publishDiagnostics } from 'genesys-statistics-rx/node';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const logger = pino({ base: null });
subscribe('genesys-statistics-rx:event', (message) => {
  const { type, ...event } = message as StatisticsEvent;
  if ('error' in event) {
    logger.warn(event, type);
  } else {
    logger.info(event, type);
  }
});

const spans = new InMemorySpanExporter(); // a real service has an OTLP exporter behind a BatchSpanProcessor
const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).getTracer('statistics');

// Node's own fetch says when a request begins; its path holds the id of the subscription that is polled.
const began = new Map<string, number>();
subscribe('undici:request:create', (message) => {
  const { request } = message as { readonly request: { readonly path: string } };
  const [, id] = /\/subscriptions\/([^/]+)\/statistic-values/.exec(request.path) ?? [];
  if (id !== undefined) {
    began.set(id, Date.now());
  }
});
subscribe('genesys-statistics-rx:event', (message) => {
  const event = message as StatisticsEvent;
  if (event.type === 'polled') {
    const { subscriptionId, statistics, changed } = event;
    tracer.startSpan('poll', { startTime: began.get(subscriptionId) ?? Date.now(), attributes: { statistics, changed } }).end(Date.now());
  } else if (event.type === 'retrying' && event.operation === 'poll') {
    const span = tracer.startSpan('poll', { attributes: { attempt: event.attempt } });
    span.recordException(event.error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: event.error.message }).end();
  } else if (event.type === 'deleted') {
    began.delete(event.subscriptionId);
  }
});

await using simulator = await createSimulator({ speed: 60, latency: 30, startAt: Date.parse('2026-05-04T09:00:00Z') });
const client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 300 }, retry: { minTimeout: 100 } });
publishDiagnostics(client);

client.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }).subscribe();
simulator.fault({ operation: 'read', kind: 'status', status: 503, after: 2 });
await new Promise((resolve) => setTimeout(resolve, 2500));
await client.close();

for (const { name, duration: [seconds, nanoseconds], attributes, status } of spans.getFinishedSpans()) {
  console.log('span:', name, `${Math.round(seconds * 1000 + nanoseconds / 1e6)} ms`, attributes, status.message ?? 'ok');
}
