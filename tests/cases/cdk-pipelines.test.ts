/**
 * Pipelines as AWS CDK writes them (`scripts/record-cdk-pipelines.js`): CDK's own integration tests run such to their end
 * on AWS, so that no need of a provider may be more than what CDK grants.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { findOvergrants, lint, type PlacedTemplate, prove, readLandscape } from '../../src/access/index.ts'
import { readDocument } from '../../src/template/index.ts'

interface Expected {
  readonly unknown?: readonly string[]
  readonly strangers?: readonly string[]
}

const FOLDER = join(import.meta.dirname, 'cdk-pipelines')
const expected: Readonly<Record<string, Expected>> = parse(
  readFileSync(join(FOLDER, 'expected.yaml'), 'utf8'),
)
const apps = readdirSync(FOLDER, { withFileTypes: true }).flatMap((one) =>
  one.isDirectory() ? one.name : [],
)

function templatesOf(app: string): PlacedTemplate[] {
  return readdirSync(join(FOLDER, app)).map((file) => {
    const [account = '', region = '', stack = ''] = file.split('.')
    const text = readFileSync(join(FOLDER, app, file), 'utf8')
    return { stack, target: { account, region }, file, template: readDocument(text).template }
  })
}

/** What CDK grants for clones, reports and VPCs is no over-grant. */
const CLONING = /UseConnection|GitPull|report-group|network-interface/

describe('a pipeline of CDK', () => {
  it('stands here for each that is expected to be something', () => {
    expect(apps).toEqual(expect.arrayContaining(Object.keys(expected)))
    expect(apps.length).toBeGreaterThan(30)
  })

  it.each(apps)('%s', (app) => {
    const { unknown = [], strangers = [] } = expected[app] ?? {}
    const landscape = readLandscape(templatesOf(app))
    const proof = prove(landscape)
    const denied = proof.edges.filter(({ verdict }) => verdict === 'denied')
    expect(denied.map(({ need, failure }) => [need.principal, need.action, failure?.saidNo])).toEqual([])
    const assumed = proof.edges.flatMap(({ verdict, assumed }) => (verdict === 'unknown' ? assumed! : []))
    const meant = (said: string) => unknown.find((begins) => said.startsWith(begins)) ?? said
    expect([...new Set(assumed.map(meant))]).toEqual(unknown)
    const isExpected = (note: string) =>
      strangers.some((type) => note.includes(`of the type ${type},`))
    expect(proof.notes.filter((note) => !isExpected(note))).toEqual([])
    expect(proof.notes).toHaveLength(strangers.length)
    expect(proof.edges.length).toBeGreaterThan(9)
    const faults = lint({ landscape, proof, complete: false }).filter(({ severity }) => severity === 'error')
    expect(faults.map(({ message }) => message)).toEqual([])
    const cloning = findOvergrants(landscape, proof).filter(({ message }) => CLONING.test(message))
    expect(cloning.map(({ message }) => message)).toEqual([])
  })
})
