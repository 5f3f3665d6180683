import { describe, expect, test } from 'vitest'
import type { KnownPipeline, KnownTrail } from '../landscape.ts'
import { readTrails } from './read-trails.ts'
import { type Reach, Reading } from './reading.ts'

const HOME = { account: '111111111111', region: 'eu-west-1' }
const ARN = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/all'

/** Answers by command; what has none is denied. */
const standIn = (answers: Readonly<Record<string, object>>): Reach => ({
  verify: async () => undefined,
  client: async (clientClass, { region }) => {
    const client = new clientClass({
      region,
      credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    } as never)
    const send = async (command: object) => {
      const found = answers[command.constructor.name.replace(/Command$/, '')]
      if (found) return found
      throw Object.assign(new Error('no'), { name: 'AccessDeniedException' })
    }
    return Object.assign(client as object, { send }) as typeof client
  },
})

async function readWith(
  answers: Readonly<Record<string, object>>,
  detailType = 'AWS API Call via CloudTrail',
) {
  const reading = new Reading(standIn(answers), HOME)
  reading.starts.push({ pattern: { 'detail-type': [detailType] } } as never)
  await readTrails(reading, HOME as KnownPipeline)
  return reading
}

const described = {
  trailList: [{ Name: 'all', TrailARN: ARN, IsMultiRegionTrail: true, HomeRegion: 'us-east-1' }],
}

describe('trails', () => {
  test('are told with what they record', async () => {
    const { trails, unread } = await readWith({
      DescribeTrails: described,
      GetTrailStatus: { IsLogging: true },
      GetEventSelectors: {
        EventSelectors: [{ ReadWriteType: 'WriteOnly', DataResources: [{ Type: 'AWS::S3::Object' }] }],
        AdvancedEventSelectors: [],
      },
    })
    expect(unread).toEqual([])
    expect(trails).toMatchObject([
      {
        ...HOME,
        ...{ name: 'all', isLogging: true, isMultiRegion: true, isOfOrganization: false },
        selectors: [{ ReadWriteType: 'WriteOnly' }],
      },
    ] satisfies Partial<KnownTrail>[])
    expect(trails![0]).not.toHaveProperty('advancedSelectors')
  })

  test('of which one cannot be read are not known', async () => {
    const { trails, unread } = await readWith({ DescribeTrails: described })
    expect(trails).toBeUndefined()
    expect(unread).toMatchObject([{ what: 'what the trail all records', account: HOME.account }])
  })

  test('are not asked for where no rule waits for them', async () => {
    const { trails, unread } = await readWith({}, 'Object Created')
    expect(trails).toBeUndefined()
    expect(unread).toEqual([])
  })

  test('that are none are none', async () => {
    expect((await readWith({ DescribeTrails: {} })).trails).toEqual([])
  })
})
