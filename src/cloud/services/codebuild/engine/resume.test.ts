import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startCloud } from '../../../index.ts'
import { builds, type StoredBuild } from '../state.ts'
import { endInterruptedBuilds } from './resume.ts'

test('a build that a crash interrupted is ended as a fault, and its folder removed', async () => {
  const cloud = await startCloud()
  try {
    const folder = mkdtempSync(join(tmpdir(), 'crossdock-build-'))
    const other = mkdtempSync(join(tmpdir(), 'crossdock-cloud-'))
    const table = cloud.store.of(builds, '111111111111', 'us-east-1')
    const record = (id: string, where: string): StoredBuild => ({
      id,
      arn: `arn:aws:codebuild:us-east-1:111111111111:build/${id}`,
      projectName: 'p',
      buildStatus: 'IN_PROGRESS',
      buildComplete: false,
      targets: { secondary: [] },
      phases: [
        { phaseType: 'SUBMITTED', phaseStatus: 'SUCCEEDED' },
        { phaseType: 'BUILD', startTime: new Date(0) },
      ],
      folder: where,
    })
    table.put('p:1', record('p:1', folder))
    table.put('p:2', record('p:2', other))
    const events: unknown[] = []
    const publish = (event: { detail: Record<string, unknown> }) => events.push(event.detail['build-status'])
    endInterruptedBuilds(cloud, () => ({ cloud, publish }) as never)
    expect(table.get('p:1')).toMatchObject({
      buildStatus: 'FAULT',
      buildComplete: true,
      phases: [
        { phaseType: 'SUBMITTED', phaseStatus: 'SUCCEEDED' },
        { phaseType: 'BUILD', phaseStatus: 'FAULT', contexts: [{ statusCode: 'INTERNAL_ERROR' }] },
        { phaseType: 'COMPLETED' },
      ],
    })
    expect(events).toEqual(['FAULT', 'FAULT'])
    expect([existsSync(folder), existsSync(other)]).toEqual([false, true])
    rmSync(other, { recursive: true })
  } finally {
    await cloud.stop()
  }
})
