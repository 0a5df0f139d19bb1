/** The handler of pages rendered on the server; `serve.ts` serves the rest. */
import { AngularNodeAppEngine, createNodeRequestHandler, writeResponseToNodeResponse } from '@angular/ssr/node';

const engine = new AngularNodeAppEngine();

export const reqHandler = createNodeRequestHandler(async (request, response, next) => {
  const page = await engine.handle(request);
  if (page === null) {
    next();
  } else {
    await writeResponseToNodeResponse(page, response);
  }
});
