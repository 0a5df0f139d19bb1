/** The handler of pages, for a server that also serves the files of the browser, and passes on the API. */
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
