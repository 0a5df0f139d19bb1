#!/usr/bin/env node
/**
 * The command `genesys-statistics`. This file checks the version of Node before it loads anything else. It therefore has no static
 * import, and no syntax that an old Node cannot parse.
 */
const needed = [22, 12] as const;
const own = process.versions.node.split('.').map(Number);

if (Number(own[0]) < needed[0] || (own[0] === needed[0] && Number(own[1]) < needed[1])) {
  process.stderr.write(`genesys-statistics: needs Node ${needed.join('.')} or later; this is Node ${process.versions.node}\n`);
  process.exitCode = 1;
} else {
  void import('./run.js').then(async ({ run }) => {
    process.exitCode = await run(process.argv.slice(2));
  });
}
