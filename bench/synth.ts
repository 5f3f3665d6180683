/** Synthesis of 1, 10, 100 and 1000 pipelines over three accounts and two regions. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Fleet, parseFleet } from '../src/fleet/index.ts'
import { renderTemplate, synthesize } from '../src/synth/index.ts'
import type { Measurement } from './measurement.ts'

const TEMPLATE = `
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] }
      Policies: [{ PolicyName: logs, PolicyDocument: { Version: "2012-10-17", Statement: [] } }]
  Function:
    Type: AWS::Lambda::Function
    Properties: { Role: !GetAtt Role.Arn, Runtime: nodejs22.x, Handler: i.h, Code: { S3Bucket: b, S3Key: k } }
`

const HEAD = `
fleet: bench
hub: { account: "111111111111", region: us-east-1 }
environments:
  dev:  { account: "222222222222", regions: [us-east-1] }
  test: { account: "333333333333", regions: [us-east-1, eu-west-1] }
  prod: { account: "444444444444", regions: [us-east-1, eu-west-1] }
pipelines:
`

const pipeline = (id: number): string => `
  service-${id}:
    source: { github: acme/service-${id} }
    build: {}
    deploy: [{ cloudformation: { template: template.yaml, parameters: { Stage: "\${environment}", Key: "\${artifact.key}" } } }]
    stages: [dev, test, { environment: prod, approve: true }]
`

/** Gives the median of several runs for each size of fleet, in milliseconds. */
export async function run(): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-bench-'))
  try {
    writeFileSync(join(folder, 'template.yaml'), TEMPLATE)
    const fleetOf = (count: number): Fleet =>
      parseFleet(
        HEAD + Array.from({ length: count }, (_, id) => pipeline(id)).join(''),
        join(folder, 'crossdock.yaml'),
      )
    synthesize(fleetOf(20))
    return [1, 10, 100, 1000].flatMap((count) => measure(fleetOf(count), count))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function measure(fleet: Fleet, count: number): Measurement[] {
  const rounds = count > 100 ? 3 : 7
  const times = (act: () => void): number => {
    const all = Array.from({ length: rounds }, () => {
      const start = performance.now()
      act()
      return performance.now() - start
    }).sort((a, b) => a - b)
    return all[rounds >> 1]!
  }
  const assembly = synthesize(fleet)
  const stacks = assembly.waves.flat()
  return [
    {
      name: `synth ${count}`,
      value: times(() => synthesize(fleet)),
      unit: 'ms',
      note: `${count} pipelines, 3 accounts, 2 regions: ${stacks.length} stacks`,
    },
    {
      name: `render ${count}`,
      value: times(() => {
        for (const { template } of stacks) renderTemplate(template)
      }),
      unit: 'ms',
      note: 'the templates as text',
    },
  ]
}
