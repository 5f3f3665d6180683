/** What the documents say of the code: files they name are there, and the walks go straight through them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exampleNames } from '../src/cli/demo/examples.ts'

const ROOT = resolve(import.meta.dirname, '..')
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...exampleNames().flatMap((name) =>
    existsSync(join(ROOT, `examples/${name}/README.md`)) ? `examples/${name}/README.md` : [],
  ),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]

/** Paths that begin in a folder of the repository; `<…>` and `*` stand for any name. */
const PATH = /`((?:src|tests|docs|scripts|examples)\/[\w./-]+\.\w+)`/g

test.each(documents)('every file that %s names is there', (document) => {
  const named = [...textOf(document).matchAll(PATH)].map((match) => match[1]!)
  expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
})

test('every example that the demo ships is in the README, and every point of docs/seeds.md names what shows it', () => {
  const readme = textOf('README.md')
  expect(exampleNames().filter((name) => !readme.includes(`| [\`${name}\`](examples/${name}/`))).toEqual([])
  const rows = textOf('docs/seeds.md').match(/^\| S\d.*$/gm) ?? []
  expect(rows.length).toBeGreaterThan(25)
  expect(rows.filter((row) => !/`(?:tests|src)\/[\w./-]+\.test\.ts`[^|]*\|$/.test(row))).toEqual([])
})

interface Step {
  readonly file: string
  /** Whether nobody imports it here: it is called through the context or by its name, or hears of an event. */
  readonly called: boolean
}

function walksIn(text: string): [string, Step[]][] {
  const section = text.split('\n## The walks\n')[1]!.split('\n## ')[0]!
  return section
    .split('\n### ')
    .slice(1)
    .map((walk) => {
      const steps = [...walk.matchAll(/^\d+\. `(src\/[^`]+)`(.*)$/gm)]
      return [
        walk.split('\n')[0]!,
        steps.map(([, file, rest]) => ({ file: file!, called: /^, called/.test(rest!) })),
      ]
    })
}

function importsOf(file: string): string[] {
  return [...textOf(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path]) =>
    relative(ROOT, resolve(ROOT, dirname(file), path!))
      .split('\\')
      .join('/'),
  )
}

/** What a file reaches: what it imports, by way of doors and registries. */
function reached(file: string, seen = new Set<string>()): ReadonlySet<string> {
  for (const target of importsOf(file)) {
    if (seen.has(target)) continue
    seen.add(target)
    if (target.endsWith('/index.ts')) reached(target, seen)
  }
  return seen
}

describe('the walks', () => {
  const walks = walksIn(textOf('ARCHITECTURE.md'))

  test('are four', () => {
    expect(walks).toHaveLength(4)
    for (const [, steps] of walks) expect(steps.length).toBeGreaterThan(5)
  })

  test.each(walks)('%s goes straight: no file twice, and each is known to one before it', (_title, steps) => {
    const files = steps.map(({ file }) => file)
    expect(files).toEqual([...new Set(files)])
    const known = new Set<string>()
    const strange = steps.slice(1).filter(({ file, called }, index) => {
      for (const target of reached(files[index]!)) known.add(target)
      return known.has(file) === called
    })
    expect(strange).toEqual([])
  })
})
