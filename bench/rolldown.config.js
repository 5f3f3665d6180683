// Bundles the benchmarks as the CLI is bundled, so that they time what users run.
import { builtinModules } from 'node:module'

export default {
  input: { bench: 'bench/run.ts' },
  platform: 'node',
  external: [/^node:/, ...builtinModules, 'lmdb', 'jiti', /^@aws-sdk\//, /^@smithy\//],
  output: { dir: 'dist/bench', format: 'esm' },
}
