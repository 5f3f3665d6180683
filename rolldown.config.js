// Bundles the CLI and the package's doors, and copies the data folders beside them.
import { cpSync, existsSync, rmSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'

const dataFolders = {
  models: 'src/cloud/protocols/models',
  spec: 'src/template/types/spec',
  'managed-policies': 'src/iam/managed-policies',
  'serverless-data': 'src/template/transforms/serverless/serverless-data',
  'public-parameters': 'src/cloud/services/ssm/engine/public-parameters',
  'build-tools': 'src/cloud/services/codebuild/engine/build-tools',
  relay: 'src/cloud/machine/containers/relay',
  runtime: 'src/cloud/services/lambda/engine/runtime',
  preload: 'src/cloud/gateway/hosts/preload',
}

// The modules that load native code or are large and loaded only on demand stay packages.
const external = [/^node:/, ...builtinModules, 'lmdb', 'jiti', 're2js', /^@aws-sdk\//, /^@smithy\//]

rmSync('dist', { recursive: true, force: true })

/** A module of ours does nothing but define: who imports one name through a part's door loads no more than what that takes. */
const shared = {
  platform: 'node',
  external,
  // The package's ES modules: of its CommonJS ones nothing can be left out, and each is a closure to be run at the start.
  resolve: {
    alias: { yaml: fileURLToPath(new URL('node_modules/yaml/browser/dist/index.js', import.meta.url)) },
  },
  treeshake: { moduleSideEffects: [{ test: /^(?!.*node_modules).*\/src\//, sideEffects: false }] },
}

/** Output with the names that end in `ending`. */
const output = (format, ending) => ({
  dir: 'dist',
  format,
  chunkFileNames: `[name]-[hash].${ending}`,
  entryFileNames: `[name].${ending}`,
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
})

const copyData = {
  name: 'copy-data',
  writeBundle() {
    for (const [name, folder] of Object.entries(dataFolders))
      if (existsSync(folder)) cpSync(folder, `dist/${name}`, { recursive: true })
  },
}

// The doors are ES modules. The command is CommonJS, whose compiled code can be kept from run to run (keep-compiled.ts).
export default [
  {
    ...shared,
    input: { index: 'src/index.ts', cloud: 'src/cloud/index.ts' },
    output: output('esm', 'js'),
    plugins: [copyData],
  },
  {
    ...shared,
    input: { cli: 'src/cli/cli.ts' },
    output: { ...output('cjs', 'cjs'), dynamicImportInCjs: false },
  },
]
