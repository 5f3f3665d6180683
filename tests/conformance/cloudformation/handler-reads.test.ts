/** Resource types look at what they make, change and delete where the handlers of AWS's registry types do. */
import { readFileSync } from 'node:fs'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { expect, it } from 'vitest'
import type { Template } from '../../../src/model/index.ts'
import { executionNeeds } from '../../../src/synth/permissions/execution-needs.ts'
import { HUB, startTestCloud } from '../cloud.ts'
import { allTypes } from './all-types.ts'
import { driveStacks } from './stack-driver.ts'

const running = await startTestCloud()
const stacks = driveStacks(running)

type Phase = 'create' | 'update' | 'delete'
const handlers: Record<string, Partial<Record<Phase, string[]>>> = JSON.parse(
  readFileSync('tests/cases/permissions/handlers.json', 'utf8'),
)

const NO_VPCS = 'the embedded cloud has no VPCs that could be looked at'

/** Reads that the embedded types leave to somebody else. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'create AWS::ElasticLoadBalancingV2::TargetGroup ec2:DescribeVpcs': NO_VPCS,
  'update AWS::ElasticLoadBalancingV2::TargetGroup ec2:DescribeVpcs': NO_VPCS,
  'create AWS::S3::Bucket s3:ListBucket':
    'S3 tells of a bucket that is not there before it asks who may list it',
  'create AWS::CodePipeline::Pipeline iam:GetRole': 'CodePipeline itself tells of a role that is not there',
  'update AWS::CodePipeline::Pipeline iam:GetRole': 'CodePipeline itself tells of a role that is not there',
}

/** What the handlers of the template's types read in a phase, as far as the permissions of each are granted. */
function readsOf(template: Template, phase: Phase): string[] {
  const reads = Object.entries(template.Resources).flatMap(([id, resource]) => {
    const { needs } = executionNeeds('role', {
      stack: 'all',
      template: { Resources: { [id]: resource } },
      account: HUB,
      region: 'us-east-1',
      parameters: {},
    } as never)
    const granted = new Set(needs.map(({ action }) => action))
    return (handlers[resource.Type]?.[phase] ?? [])
      .filter((action) => /:(Get|List|Describe)/.test(action) && granted.has(action))
      .map((action) => `${phase} ${resource.Type} ${action}`)
  })
  return [...new Set(reads)].filter((one) => !(one in ELSEWHERE)).sort()
}

const states = { create: allTypes('first'), update: allTypes('later'), delete: allTypes('later') }

it('in the phase of the handler that declares it', async () => {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'codebuild.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  }
  await running
    .client(IAMClient)
    .send(new CreateRoleCommand({ RoleName: 'builder', AssumeRolePolicyDocument: JSON.stringify(trust) }))
  const steps = {
    create: () => stacks.create('all', states.create, { Capabilities: ['CAPABILITY_NAMED_IAM'] }),
    update: () => stacks.update('all', states.update, { Capabilities: ['CAPABILITY_NAMED_IAM'] }),
    delete: () => stacks.remove('all'),
  }
  for (const [phase, step] of Object.entries(steps) as [Phase, () => ReturnType<typeof stacks.describe>][]) {
    const before = running.cloud.trail.entries().length
    const { StackStatus, StackId } = await step()
    const failures = (await stacks.events(StackId!)).filter((one) => one.includes('_FAILED'))
    expect(failures).toEqual([])
    expect(StackStatus).toBe(`${phase.toUpperCase()}_COMPLETE`)
    const called = new Set(
      running.cloud.trail
        .entries()
        .slice(before)
        .map(({ action }) => action),
    )
    const reads = readsOf(states[phase] as unknown as Template, phase)
    expect(reads.length).toBeGreaterThan(20)
    expect(reads.filter((one) => !called.has(one.split(' ')[2]!))).toEqual([])
  }
}, 60_000)
