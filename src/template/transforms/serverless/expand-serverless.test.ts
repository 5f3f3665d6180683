/** What is expanded here is what AWS SAM's own translator makes: whole resources, ids, properties and attributes. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TemplateFault } from '../../read/template-fault.ts'
import { expandServerless } from './expand-serverless.ts'

const FOLDER = 'tests/cases/serverless'

interface Case {
  readonly title: string
  readonly region?: string
  readonly parameters?: Record<string, string>
  readonly input: Record<string, Record<string, { Default?: unknown }>>
  readonly output?: Record<string, Record<string, unknown>>
  readonly errors?: readonly string[]
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))

function expanded({ input, parameters = {}, region = 'eu-central-1' }: Case) {
  const defaults = Object.entries(input.Parameters ?? {}).flatMap(([name, { Default }]) =>
    Default === undefined ? [] : [[name, Default] as const],
  )
  const values = new Map<string, unknown>([
    ...defaults,
    ...Object.entries(parameters),
    ['AWS::Region', region],
  ])
  return expandServerless(input, { values, region }).template
}

describe.each(files)('%s', (file) => {
  const recorded = JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Case
  const { output, errors } = recorded

  if (errors)
    it('is refused in the same words', () => {
      let fault: unknown
      try {
        expanded(recorded)
      } catch (cause) {
        fault = cause
      }
      expect(fault).toBeInstanceOf(TemplateFault)
      expect((fault as TemplateFault).message).toBe(
        `Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. Number of errors found: ${errors.length}. ${errors.join(' ')}`,
      )
    })
  else
    it('becomes the same resources', () => {
      const { Resources: theirs, ...rest } = output!
      const { Resources: ours, ...own } = expanded(recorded) as typeof output & object
      expect(Object.keys(ours!).sort()).toEqual(Object.keys(theirs!).sort())
      for (const id of Object.keys(theirs!))
        expect({ [id]: sorted(ours![id]) }).toEqual({ [id]: sorted(theirs![id]) })
      expect(own).toEqual(rest)
    })
})

/** The translator gives dependencies in no certain order. */
function sorted(resource: unknown): unknown {
  const { DependsOn, ...rest } = resource as { DependsOn?: unknown }
  return Array.isArray(DependsOn) ? { DependsOn: [...DependsOn].sort(), ...rest } : resource
}
