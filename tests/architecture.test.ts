/** Imports follow the table in ARCHITECTURE.md, outsiders enter a part by its door, and every registry is complete. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const SOURCE = resolve(import.meta.dirname, '../src')

/** Which part may import which; `cli` may import everything. */
const ALLOWED: Record<string, readonly string[]> = {
  model: [],
  template: ['model'],
  iam: ['model'],
  pipeline: ['model', 'template'],
  aws: ['model'],
  fleet: ['model', 'pipeline'],
  synth: ['model', 'template', 'pipeline', 'fleet'],
  access: ['model', 'template', 'iam', 'pipeline', 'aws'],
  deploy: ['model', 'template', 'pipeline', 'aws'],
  operate: ['model', 'template', 'pipeline', 'aws', 'access'],
  cloud: ['model', 'template', 'iam', 'pipeline'],
  console: ['model', 'operate', 'access'],
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.split('\\').join('/'))

function importsOf(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    relative(SOURCE, resolve(SOURCE, dirname(file), match[1]!))
      .split('\\')
      .join('/'),
  )
}

/** What is loaded together with a file: neither types nor what is imported when it is needed. */
function loadedWith(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), 'utf8')
  return [...text.matchAll(/^(?:import|export) (?!type )[^']*?from '(\.[^']+)'/gm)].map((match) =>
    relative(SOURCE, resolve(SOURCE, dirname(file), match[1]!))
      .split('\\')
      .join('/'),
  )
}

/** Gives the groups of files that reach each other (Tarjan's strongly connected components of more than one file). */
function knotsOf(targets: ReadonlyMap<string, readonly string[]>): string[][] {
  const [order, lowest] = [new Map<string, number>(), new Map<string, number>()]
  const [path, knots] = [[] as string[], [] as string[][]]
  const visit = (file: string): void => {
    order.set(file, order.size)
    lowest.set(file, order.get(file)!)
    path.push(file)
    for (const target of targets.get(file) ?? []) {
      if (!order.has(target)) visit(target)
      if (path.includes(target)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(target)!))
    }
    if (lowest.get(file) !== order.get(file)) return
    const knot = path.splice(path.indexOf(file))
    if (knot.length > 1) knots.push(knot)
  }
  for (const file of targets.keys()) if (!order.has(file)) visit(file)
  return knots
}

const partOf = (file: string): string => file.split('/')[0]!

describe('imports', () => {
  const edges = files.flatMap((file) => importsOf(file).map((target) => ({ file, target })))

  test('are found at all', () => {
    expect(edges.length).toBeGreaterThan(300)
  })

  test('go only where the table allows', () => {
    const wrong = edges.filter(({ file, target }) => {
      const [from, to] = [partOf(file), partOf(target)]
      if (from === to || from === 'cli' || !(from in ALLOWED)) return false
      return !ALLOWED[from]!.includes(to)
    })
    expect(wrong).toEqual([])
  })

  test('of the SDK are none in the CLI: it draws what others ask, but for what the demo calls', () => {
    const callers = files.filter(
      (file) =>
        file.startsWith('cli/') &&
        /from '@aws-sdk\/|import\('@aws-sdk\//.test(readFileSync(join(SOURCE, file), 'utf8')),
    )
    expect(callers).toEqual(['cli/demo/beside.ts', 'cli/demo/feeds.ts', 'cli/demo/shipped.ts'])
  })

  test('enter another part by its index.ts', () => {
    const wrong = edges.filter(
      ({ file, target }) => partOf(file) !== partOf(target) && target !== `${partOf(target)}/index.ts`,
    )
    expect(wrong.filter(({ target }) => target.includes('/'))).toEqual([])
  })

  test('never lead back to where they began, types included', () => {
    const targets = new Map(files.map((file) => [file, importsOf(file)]))

    expect(knotsOf(targets)).toEqual([])
  })

  test('of one service of the cloud never reach another', () => {
    const serviceOf = (path: string) => /^cloud\/services\/([^/]+)\//.exec(path)?.[1]
    const wrong = edges.filter(({ file, target }) => {
      const [from, to] = [serviceOf(file), serviceOf(target)]
      return from && to && from !== to
    })
    expect(wrong).toEqual([])
  })
})

/** Inside the cloud, from the ground up; a room may import what stands before it. */
const ROOMS = [
  'generated',
  'machine',
  'kernel',
  'protocols',
  'destinations',
  'sources',
  'services',
  'gateway',
]

describe('the rooms of the cloud', () => {
  const roomOf = (file: string) => /^cloud\/([^/]+)\//.exec(file)?.[1]

  test('are all known', () => {
    const rooms = new Set(files.filter((file) => file.startsWith('cloud/')).map((file) => roomOf(file)))
    expect([...rooms].filter((room) => room && !ROOMS.includes(room))).toEqual([])
    expect(files.filter((file) => /^cloud\/[^/]+$/.test(file))).toEqual(['cloud/index.ts'])
  })

  test('need no operation, resource type or door of a service before it is called', () => {
    const always = new Set(['cloud/index.ts'])
    for (const file of always) for (const target of loadedWith(file)) always.add(target)

    expect(always).toContain('cloud/services/kms/index.ts')
    const wrong = [...always].filter(
      (file) =>
        /^cloud\/services\/[^/]+\/./.test(file) &&
        !/\/(index|state|wire)\.ts$|\/wire\//.test(file) &&
        !/^cloud\/services\/(iam|organizations)\/engine\//.test(file),
    )
    expect(wrong).toEqual([])
  })

  test('stand on each other in one direction', () => {
    const wrong = files
      .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
      .filter(({ file, target }) => {
        const [from, to] = [roomOf(file), roomOf(target)]
        return from && to && ROOMS.indexOf(from) < ROOMS.indexOf(to)
      })
    expect(wrong).toEqual([])
  })
})

/** Inside the proof: what is there, whether it suffices, what is said of both. */
const ROOMS_OF_ACCESS = ['landscape', 'proof', 'report']

describe('the rooms of the proof', () => {
  const roomOf = (file: string) => ROOMS_OF_ACCESS.indexOf(/^access\/([^/]+)\//.exec(file)?.[1] ?? '')

  test('are all known, and stand on each other in one direction', () => {
    const own = files.filter((file) => file.startsWith('access/') && file !== 'access/index.ts')
    expect(own.filter((file) => roomOf(file) < 0)).toEqual([])
    const edges = own.flatMap((file) => importsOf(file).map((target) => ({ file, target })))
    expect(edges.filter(({ file, target }) => roomOf(target) > roomOf(file))).toEqual([])
  })
})

describe('files', () => {
  test('are kebab-case and named after what they hold', () => {
    const nameless = /(^|\/)(utils?|helpers?|common|manager|base|misc|types)\.ts$/
    const wrong = files.filter((file) => nameless.test(file) || !/^[a-z0-9/.-]+$/.test(file))
    expect(wrong).toEqual([])
  })

  test('open with a sentence that says what they are', () => {
    const wrong = files.filter((file) => {
      const text = readFileSync(join(SOURCE, file), 'utf8').replace(/^#!.*\n/, '')
      return !/^(\/\/|\/\*\*)/.test(text)
    })
    expect(wrong).toEqual([])
  })
})

describe('registries', () => {
  const exported = (folder: string, kind: RegExp) =>
    files.filter((file) => file.startsWith(folder) && kind.test(readFileSync(join(SOURCE, file), 'utf8')))

  const loadedServices = async () => {
    const { services } = await import('../src/cloud/services/index.ts')
    return Promise.all(services.map(async (one) => ({ ...one, ...(await one.load()) })))
  }

  test('what a service keeps once for each cloud is a part', () => {
    const keyed = /new (?:Weak)?Map<\s*(?:Cloud|Store|Context)\b/
    const own = files.filter((file) => file.startsWith('cloud/services/'))
    expect(own.filter((file) => keyed.test(readFileSync(join(SOURCE, file), 'utf8')))).toEqual([])
  })

  test('every operation that is declared is registered with its service', async () => {
    const services = await loadedServices()
    const registered = new Set(
      services.flatMap(({ id, operations, privateOperations = [] }) =>
        [...operations, ...privateOperations].map(({ name }) => `${id} ${name}`),
      ),
    )
    for (const file of exported('cloud/services/', /= (?:management)?[oO]peration\(\{/)) {
      const module = (await import(join(SOURCE, file))) as Record<string, unknown>
      for (const value of Object.values(module)) {
        const { service, name, access, run } = (value ?? {}) as Record<string, unknown>
        if (typeof access !== 'function' || typeof run !== 'function') continue
        expect(registered, `${file} declares ${name}`).toContain(`${service} ${name}`)
      }
    }
  })

  test('every file of operations is named for one of them, or for the noun of the family in plural', async () => {
    const kebab = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()
    const named = await Promise.all(
      files
        .filter((file) => /^cloud\/services\/[^/]+\/operations\//.test(file))
        .map(async (file) => {
          const exports = Object.values(await import(join(SOURCE, file))).flat() as Record<string, unknown>[]
          const operations = exports.filter((one) => typeof one?.access === 'function' && 'run' in one)
          const names = operations.map(({ name }) => kebab(String(name)))
          return { file, names, name: /([^/]+)\.ts$/.exec(file)![1]! }
        }),
    )
    const verbs = new Set(named.flatMap(({ names }) => names.map((one) => one.split('-')[0])))
    // `change-sets` are a noun, though others change something.
    const isNoun = (name: string, names: readonly string[]) =>
      (!verbs.has(name.split('-')[0]!) || names.every((one) => one.endsWith(`-${name.slice(0, -1)}`))) &&
      /(s|children|concurrency|encryption|tagging|versioning)$/.test(name)
    const wrong = named.filter(
      ({ name, names }) => !names.includes(name) && !(names.length && isNoun(name, names)),
    )
    expect(wrong).toEqual([])
  })

  test('every resource type that is declared is registered', async () => {
    const services = await loadedServices()
    const registered = new Set(services.flatMap((one) => (one.resourceTypes ?? []).map((type) => type.type)))
    for (const file of exported('cloud/services/', /resourceType\(\{/)) {
      const module = (await import(join(SOURCE, file))) as Record<string, unknown>
      for (const value of Object.values(module)) {
        const { type, create } = (value ?? {}) as Record<string, unknown>
        if (typeof create !== 'function' || typeof type !== 'string') continue
        expect(registered, `${file} declares ${type}`).toContain(type)
      }
    }
  })

  test('every service declares the namespaces of its resource types, each a single one its own', async () => {
    const services = await loadedServices()
    const namespaces = ({ resourceTypes = [] }: (typeof services)[number]) =>
      [...new Set(resourceTypes.map(({ type }) => type.split('::')[1]))].sort()
    expect(services.map((one) => [one.id, namespaces(one)])).toEqual(
      services.map(({ id, stacks }) => [id, [...stacks].sort()]),
    )
    const all = services.flatMap(({ stacks }) => stacks)
    expect(all).toHaveLength(new Set(all).size)
  })

  test('every service that starts something says what it is loaded for', async () => {
    const silent = (await loadedServices()).filter((one) => one.start && !one.resumes && !one.sweeps)
    expect(silent.map(({ id }) => id)).toEqual([])
  })

  test('each form of a request that names no service is one service to answer', async () => {
    const forms = (await loadedServices()).flatMap(({ nameless }) => nameless ?? [])
    expect(forms.sort()).toEqual(['action', 'path', 'target'])
  })

  test('every hand-over is named for the service that owes it', async () => {
    for (const { id, handOvers = [] } of await loadedServices())
      for (const { name } of handOvers) expect(name.split('.')[0]).toBe(id)
  })

  test('every service has a model for all its operations', async () => {
    const { loadModel } = await import('../src/cloud/protocols/index.ts')
    for (const { id, operations } of await loadedServices())
      for (const { name } of operations)
        expect(loadModel(id).operations.has(name), `${id}:${name}`).toBe(true)
  })

  test('every command file is registered', async () => {
    const { commands } = await import('../src/cli/commands/index.ts')
    for (const command of commands) expect(typeof (await command.load()).run).toBe('function')
    const listed = readFileSync(join(SOURCE, 'cli/commands/index.ts'), 'utf8')
    for (const file of files.filter((one) => /^cli\/commands\/(?!index)/.test(one)))
      expect(listed).toContain(`'./${file.slice('cli/commands/'.length)}'`)
  })
})
