/**
 * Keeps what V8 compiled of a command for its next run, which then starts in about two thirds of the time.
 * V8 takes it back only on the version and with the flags that it was made on
 * (`docs/decisions/0022-compiled-code.md`).
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { Script } from 'node:vm'

type Compiled = Map<string, Uint8Array>
interface LoadedModule {
  exports: object
  require(id: string): unknown
}
interface Loader {
  readonly extensions: Record<string, (module: LoadedModule, file: string) => void>
}

/** Names with a hash of what is in them: compiled code of such a file is never that of another. */
const HASHED = /-[\w-]{8}\.cjs$/

/**
 * Compiles the chunks of the bundle in `folder` from what the last run of `command` left behind, from now on, and
 * leaves behind what this run has compiled when the process ends. Where that cannot be read or written, it compiles
 * as always.
 */
export function keepCompiled(folder: string, command: string): void {
  if (process.env.NODE_DISABLE_COMPILE_CACHE || process.env.NODE_V8_COVERAGE) return
  const kept = join(cacheFolder(), `${process.version}-${process.arch}`, `${command}.v8`)
  const known = read(kept)
  const fresh = new Map<string, Script>()
  const { extensions } = createRequire(join(folder, 'x.cjs')) as unknown as Loader
  const usual = extensions['.js']!
  extensions['.cjs'] = (module, file) => {
    const name = basename(file)
    if (dirname(file) !== folder || !HASHED.test(name)) return usual(module, file)
    const script = compile(file, known.get(name))
    if (script.cachedDataRejected !== false) fresh.set(name, script)
    const run = script.runInThisContext() as (...values: unknown[]) => void
    run.call(module.exports, module.exports, createRequire(file), module, file, folder)
  }
  process.on('exit', () => {
    if (fresh.size) write(kept, folder, known, fresh)
  })
}

/** The function that Node makes of a CommonJS module; the bundle's hold no `import()`, which would need a loader of their own. */
function compile(file: string, cachedData: Uint8Array | undefined): Script {
  const source = readFileSync(file, 'utf8')
  return new Script(`(function (exports, require, module, __filename, __dirname) { ${source}\n})`, {
    filename: file,
    ...(cachedData && { cachedData }),
  })
}

function read(kept: string): Compiled {
  try {
    if (!onlyOwn(dirname(kept))) return new Map()
    const compiled: unknown = deserialize(readFileSync(kept))
    return compiled instanceof Map ? compiled : new Map()
  } catch {
    // None yet, or one that was cut off.
    return new Map()
  }
}

/** Compiled code is code: it is taken from a folder alone that nobody else writes into. */
function onlyOwn(folder: string): boolean {
  if (process.platform === 'win32') return true
  const { uid, mode } = statSync(folder)
  return uid === process.getuid?.() && (mode & 0o022) === 0
}

function write(kept: string, folder: string, known: Compiled, fresh: ReadonlyMap<string, Script>): void {
  const draft = `${kept}.${process.pid}`
  try {
    mkdirSync(dirname(kept), { recursive: true, mode: 0o700 })
    if (!onlyOwn(dirname(kept))) return
    const still = [...known].filter(([name]) => statSync(join(folder, name), { throwIfNoEntry: false }))
    const made = [...fresh].map(([name, script]) => [name, script.createCachedData()] as const)
    writeFileSync(draft, serialize(new Map([...still, ...made])), { mode: 0o600 })
    renameSync(draft, kept)
  } catch {
    // A home that cannot be written, a full disk: the next run compiles again.
    remove(draft)
  }
}

function remove(draft: string): void {
  try {
    rmSync(draft, { force: true })
  } catch {
    // Its folder is none.
  }
}

/** Where a user's programs keep what they can make again: XDG's folder, or that of the system. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  const above =
    process.platform === 'win32'
      ? (LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'))
      : XDG_CACHE_HOME || join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache')
  return join(above, 'crossdock', 'compiled')
}
