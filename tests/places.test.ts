/** What is known of a service stands with the service: nothing around it asks for its name. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { services } from '../src/cloud/services/index.ts'

const CLOUD = resolve(import.meta.dirname, '../src/cloud')
const files = readdirSync(CLOUD, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split('\\').join('/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('generated/'))

/** Texts (their holes left out) and expressions of a file, without comments and imports. */
function literalsOf(file: string): string[] {
  const code = readFileSync(join(CLOUD, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replace(/^(?:import|export) [^;]*? from '[^']*'$/gm, '')
  const texts = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g
  const expressions = /(?:[=(,:?&|!]|\breturn)\s*\/((?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\//g
  return [...code.matchAll(texts), ...code.matchAll(expressions)].map((found) =>
    found
      .slice(1)
      .join('')
      .replace(/\$\{[^}]*\}/g, ' '),
  )
}

/** Whether a literal is a service's name, or has it where AWS writes it: `kms:Decrypt`, `sns.amazonaws.com`, `/_ecr/`. */
const names = (literal: string, id: string): boolean =>
  new RegExp(`^${id}$|^${id}:[A-Za-z*]|\\b${id}\\.amazonaws|(?:^|[^A-Za-z])_${id}\\b|^arn:aws:${id}:`).test(
    literal,
  )

const named = new Map(
  files.map((file) => {
    const literals = literalsOf(file)
    return [file, services.map(({ id }) => id).filter((id) => literals.some((one) => names(one, id)))]
  }),
)

/** A service is named here, with the reason why nothing else could be done. */
const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'kernel/identity.ts': { sts: "AWS: the ARN of a role's session is one of STS's" },
  'gateway/invoke.ts': {
    sts: "a service takes on a role by STS's own operation, which asks the trust policy",
  },
}

describe('services', () => {
  test('are found where they are named', () => {
    expect(named.get('services/s3/index.ts')).toContain('s3')
    expect(names('/_cloudformation/answers/', 'cloudformation')).toBe(true)
    expect(names('the events of a stream', 'events')).toBe(false)
  })

  test('are named in no file of the kernel, the gateway and the protocols', () => {
    const wrong = [...named].flatMap(([file, ids]) =>
      /^(?:kernel|gateway|protocols)\//.test(file)
        ? ids.filter((id) => !EXCEPTIONS[file]?.[id]).map((id) => `${file} names ${id}`)
        : [],
    )
    expect(wrong).toEqual([])
  })

  test('have no exception that is no longer needed', () => {
    for (const [file, reasons] of Object.entries(EXCEPTIONS))
      expect(named.get(file), file).toEqual(expect.arrayContaining(Object.keys(reasons)))
  })

  test('are each one folder, one line of the registry, and little else', () => {
    const rows = services.map(({ id }) => {
      const folder = id.replace('codestar-', 'code')
      const outside = [...named].filter(
        ([file, ids]) => ids.includes(id) && !file.startsWith(`services/${folder}/`),
      )
      const ground = outside.map(([file]) => file).filter((file) => !/^services\/[^/]+\//.test(file))
      return { id, ground, callers: outside.length - ground.length }
    })
    const lines = rows.map(
      ({ id, ground, callers }) =>
        `${id.padEnd(21)} ${ground.length} around it, ${callers} in services that call it${ground.length ? `: ${ground.join(', ')}` : ''}`,
    )
    console.log(
      `files outside its folder that a service is named in, besides its line in services/index.ts\n${lines.join('\n')}`,
    )
    expect(rows.filter(({ ground }) => ground.length > 3)).toEqual([])
  })
})
