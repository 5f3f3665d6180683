/** Reads the trails of a pipeline's account, where a rule waits for calls that CloudTrail records. */
import type { Target } from '../../../model/index.ts'
import type { KnownPipeline, KnownTrail } from '../landscape.ts'
import { originOf } from './origin-of.ts'
import type { Reading } from './reading.ts'

/** AWS: what an event that a trail has recorded says of itself. */
const RECORDED = 'via CloudTrail'

/** Reads into the reading, after its rules. */
export async function readTrails(reading: Reading, { account, region }: KnownPipeline): Promise<void> {
  const isWaitedFor = reading.starts.some(({ pattern }) => JSON.stringify(pattern ?? '').includes(RECORDED))
  if (!isWaitedFor) return
  const home = { account, region }
  const { CloudTrailClient, DescribeTrailsCommand } = await import('@aws-sdk/client-cloudtrail')
  const answer = await reading.ask({ what: 'the trails that record calls', target: home }, async () => {
    const client = await reading.client(CloudTrailClient, home)
    // AWS: with shadow trails the answer has those of other regions and of the organization that record here.
    return client.send(new DescribeTrailsCommand({ includeShadowTrails: true }))
  })
  if (!('found' in answer)) return
  const { trailList = [] } = answer.found
  const read = await Promise.all(
    trailList.map((trail) =>
      readTrail(reading, home, {
        name: trail.Name ?? '',
        arn: trail.TrailARN ?? '',
        isMultiRegion: trail.IsMultiRegionTrail ?? false,
        isOfOrganization: trail.IsOrganizationTrail ?? false,
        home: trail.HomeRegion ?? region,
      }),
    ),
  )
  const readable = read.filter((one) => one !== undefined)
  // One that could not be read may record what is waited for.
  if (readable.length === read.length) reading.trails = readable
}

interface Described {
  readonly name: string
  readonly arn: string
  readonly isMultiRegion: boolean
  readonly isOfOrganization: boolean
  /** AWS: a trail is asked for by its ARN, in its own region. */
  readonly home: string
}

async function readTrail(
  reading: Reading,
  { account, region }: Target,
  { name, arn, isMultiRegion, isOfOrganization, home }: Described,
): Promise<KnownTrail | undefined> {
  const { CloudTrailClient, GetEventSelectorsCommand, GetTrailStatusCommand } = await import(
    '@aws-sdk/client-cloudtrail'
  )
  const target = { account, region: home }
  const answer = await reading.ask({ what: `what the trail ${name} records`, arn, target }, async () => {
    const client = await reading.client(CloudTrailClient, target)
    const [status, selectors] = await Promise.all([
      client.send(new GetTrailStatusCommand({ Name: arn })),
      client.send(new GetEventSelectorsCommand({ TrailName: arn })),
    ])
    return { status, selectors }
  })
  if (!('found' in answer)) return undefined
  const { status, selectors } = answer.found
  return {
    ...{ account, region: isMultiRegion ? region : home, name, isMultiRegion, isOfOrganization },
    origin: await originOf(reading, target, { physicalId: name, type: 'AWS::CloudTrail::Trail' }),
    isLogging: status.IsLogging ?? false,
    ...(selectors.EventSelectors && { selectors: selectors.EventSelectors.map((one) => ({ ...one })) }),
    ...(selectors.AdvancedEventSelectors?.length && {
      advancedSelectors: selectors.AdvancedEventSelectors.map((one) => ({ ...one })),
    }),
  }
}
