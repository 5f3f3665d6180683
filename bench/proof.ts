/** Proof of 1, 10, 100 and 1000 pipelines over three accounts and two regions. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findOvergrants, lint, type PlacedTemplate, prove, readLandscape } from '../src/access/index.ts'
import { parseFleet } from '../src/fleet/index.ts'
import type { Assembly } from '../src/model/index.ts'
import { synthesize } from '../src/synth/index.ts'
import { type Measurement, median } from './measurement.ts'

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
  test: { account: "333333333333", regions: [us-east-1, eu-west-1] }
  prod: { account: "444444444444", regions: [us-east-1, eu-west-1] }
pipelines:
`

const pipeline = (id: number): string => `
  service-${id}:
    source: { github: acme/service-${id} }
    build: {}
    deploy: [{ cloudformation: { template: template.yaml, parameters: { Stage: "\${environment}", Key: "\${artifact.key}" } } }]
    stages: [test, { environment: prod, approve: true }]
`

/** Gives medians: the whole of a check after synthesis, and permissions proven a second. */
export async function run(): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-bench-'))
  try {
    writeFileSync(join(folder, 'template.yaml'), TEMPLATE)
    const assemblyOf = (count: number): Assembly =>
      synthesize(
        parseFleet(
          HEAD + Array.from({ length: count }, (_, id) => pipeline(id)).join(''),
          join(folder, 'crossdock.yaml'),
        ),
      )
    check(assemblyOf(20))
    return [1, 10, 100, 1000].flatMap((count) => measure(assemblyOf(count), count))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function check({ waves, pipelines }: Assembly): number {
  const templates = waves.flat().map(
    ({ name: stack, target, template, parametersFrom }): PlacedTemplate => ({
      stack,
      target,
      template,
      parametersFrom,
    }),
  )
  const landscape = readLandscape(templates)
  const further = pipelines.map(({ id, applicationNeeds = [] }) => ({
    pipeline: id,
    title: 'stacks',
    needs: applicationNeeds,
  }))
  const proof = prove(landscape, { further, complete: true })
  lint({ landscape, proof, complete: true })
  findOvergrants(landscape, proof)
  if (proof.edges.some(({ verdict }) => verdict !== 'allowed'))
    throw new Error('the bench fleet must be proven')
  return proof.edges.length
}

function measure(assembly: Assembly, count: number): Measurement[] {
  const rounds = count > 100 ? 3 : 7
  let edges = 0
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now()
    edges = check(assembly)
    return performance.now() - start
  })
  const milliseconds = median(times)
  return [
    {
      name: `check ${count}`,
      value: milliseconds,
      unit: 'ms',
      note: `${count} pipelines, 3 accounts, 2 regions: ${edges} permissions, with lint and over-grants`,
    },
    { name: `proofs a second, ${count}`, value: (edges / milliseconds) * 1000, unit: '1/s' },
  ]
}
