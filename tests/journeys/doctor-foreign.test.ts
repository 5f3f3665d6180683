/** `crossdock doctor` on live pipelines that Crossdock did not make. */
import { describe, expect, test } from 'vitest'
import { diagnose, isFailed, type Origin, readLivePipeline } from '../../src/access/index.ts'
import { changeSets } from './change-sets-system.ts'
import { ecsPolicies } from './ecs-policies-system.ts'
import { type ForeignSystem, type Run, runForeign } from './foreign-system.ts'

async function look(run: Run, { hub, pipeline }: ForeignSystem) {
  const live = await readLivePipeline(run.accounts, { ...hub, name: pipeline })
  return { ...live, ...diagnose(live.landscape, [], undefined) }
}

describe.each([
  { system: changeSets, folder: 'change-sets', startedByHand: ['nothing-starts-pipeline'] },
  { system: ecsPolicies, folder: 'ecs-policies', startedByHand: [] },
])('the live pipeline of $folder', ({ system, startedByHand }) => {
  test('is proven as it ran', { timeout: 60_000 }, async () => {
    const run = await runForeign(system)
    try {
      expect(run.state?.status).toBe('Succeeded')
      const { proof, findings, landscape, unread } = await look(run, system)
      expect(proof.edges.length).toBeGreaterThan(20)
      expect(proof.edges.filter(({ verdict }) => verdict !== 'allowed')).toEqual([])
      expect(findings.map(({ rule }) => rule)).toEqual(startedByHand)
      const made = ({ stack }: Origin) => system.deployments.some((one) => one.stack === stack)
      expect([...landscape.roles.values()].filter(({ origin }) => !made(origin))).toEqual([])
      expect(unread).toEqual([])
    } finally {
      await run.end()
    }
  })
})

test('what a forgotten stack would have made is missing, live too', { timeout: 60_000 }, async () => {
  const run = await runForeign(ecsPolicies, {
    template: ({ stack }, template) => {
      if (stack !== 'my-thing-build') return template
      const Resources = Object.fromEntries(
        Object.entries(template.Resources).filter(([, { Type }]) => Type !== 'AWS::S3::BucketPolicy'),
      )
      return { ...template, Resources }
    },
  })
  try {
    expect(run.state?.status).toBe('Failed')
    const { proof } = await look(run, ecsPolicies)
    const failed = proof.edges.filter(isFailed)
    expect(failed.length).toBeGreaterThan(0)
    for (const { failure } of failed) expect(failure?.saidNo).toMatch(/^bucket policy of arn:aws:s3:::/)
  } finally {
    await run.end()
  }
})
