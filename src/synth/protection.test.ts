import { expect, test } from 'vitest'
import { isFailed, prove, readAssembly } from '../access/index.ts'
import { parseFleet } from '../fleet/index.ts'
import type { Assembly } from '../model/index.ts'
import { synthesize } from './index.ts'

const fleet = (deploy: string, stages = '[prod]') =>
  parseFleet(
    `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments:
  dev: { account: "222222222222", regions: [us-east-1] }
  prod: { account: "444444444444", regions: [us-east-1, eu-west-1] }
pipelines:
  orders:
    source: { github: acme/orders }
    deploy: [{ cloudformation: { template: t.yaml, stack: orders, permissions: [{ Action: "sns:*", Resource: "*" }], ${deploy} } }]
    stages: ${stages}
`,
    '/nowhere/crossdock.yaml',
  )

const failed = (assembly: Assembly) => {
  const landscape = readAssembly(assembly)
  const further = assembly.pipelines.flatMap(({ declaration, others = [] }) =>
    others.map(({ stage, ...one }) => ({ pipeline: declaration.name, title: stage, ...one })),
  )
  return prove(landscape, { further, complete: true }).edges.filter(isFailed)
}

test('a function of the account protects a stack after each deploy, in every region', () => {
  const { pipelines, waves } = synthesize(fleet('terminationProtection: true'))
  const { actions } = pipelines[0]!.declaration.stages.at(-1)!
  expect(actions.map(({ runOrder, name, region }) => `${runOrder} ${name} ${region}`)).toEqual([
    '1 deploy-orders-us-east-1 us-east-1',
    '1 deploy-orders-eu-west-1 eu-west-1',
    '2 protect-orders-us-east-1 us-east-1',
    '2 protect-orders-eu-west-1 us-east-1',
  ])
  expect(actions[3]).toMatchObject({
    configuration: {
      FunctionName: 'crossdock-acme-orders-protect',
      UserParameters: '{"stack":"orders","region":"eu-west-1"}',
    },
    roleArn: 'arn:aws:iam::444444444444:role/crossdock/crossdock-acme-orders-deploy',
  })
  const access = waves[0]!.find(({ name }) => name.endsWith('access'))!
  const { ProtectionRole, ProtectionFunction } = access.template.Resources
  expect((ProtectionFunction!.Properties as { Code: { ZipFile: string } }).Code.ZipFile.length).toBeLessThan(
    4096,
  )
  const role = JSON.stringify(ProtectionRole)
  expect(role).toContain('arn:aws:cloudformation:eu-west-1:444444444444:stack/orders/*')
  expect(role).toContain('codepipeline:PutJobSuccessResult')
})

test('a stage in a region that the function is not in has artifacts where the function is', () => {
  const assembly = synthesize(
    fleet('terminationProtection: true', '[{ environment: prod, regions: [eu-west-1] }]'),
  )
  expect(Object.keys(assembly.pipelines[0]!.declaration.artifactStores!)).toEqual(['us-east-1', 'eu-west-1'])
  expect(failed(assembly)).toEqual([])
})

test('the proof asks whether the function may', () => {
  const assembly = structuredClone(synthesize(fleet('terminationProtection: true')))
  expect(failed(assembly)).toEqual([])
  const access = assembly.waves[0]!.find(({ name }) => name.endsWith('access'))!
  delete (access.template.Resources.ProtectionRole!.Properties as Record<string, unknown>).Policies
  expect(failed(assembly).map(({ need }) => need.action)).toEqual(
    expect.arrayContaining([
      'cloudformation:UpdateTerminationProtection',
      'codepipeline:PutJobSuccessResult',
    ]),
  )
})

test('without it there is neither function nor action', () => {
  const { pipelines, waves } = synthesize(fleet('terminationProtection: false', '[dev]'))
  expect(pipelines[0]!.declaration.stages.at(-1)!.actions).toHaveLength(1)
  expect(JSON.stringify(waves)).not.toContain('Lambda')
})

test('what is protected cannot be replaced', () => {
  expect(() => fleet('terminationProtection: true, replaceOnFailure: true')).toThrow(
    /a stack that is protected cannot be deleted, also where it failed/,
  )
})
