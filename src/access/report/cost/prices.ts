/** What AWS charges, in US dollars without tax; a snapshot that should be looked at before it is relied on. */

export const prices = {
  /** When the figures were last compared with AWS's price pages. */
  asOf: '2026-11-20',
  /** The region whose prices these are; others differ by some per cent. */
  region: 'us-east-1',
  /** A customer managed key, a month. */
  key: 1,
  /** A pipeline of type V1 that runs at all, a month. */
  pipelineV1: 1,
  /** A minute of an action of a V2 pipeline; each action is rounded up, approvals are free. */
  actionMinute: 0.002,
  /** Action minutes of V2 pipelines that are free, a month and account. */
  freeActionMinutes: 100,
  /** A build minute, by compute type; Linux on demand. */
  buildMinute: {
    BUILD_GENERAL1_SMALL: 0.005,
    BUILD_GENERAL1_MEDIUM: 0.01,
    BUILD_GENERAL1_LARGE: 0.02,
    BUILD_GENERAL1_2XLARGE: 0.2,
  } as Readonly<Record<string, number>>,
  /** A gigabyte from region to region. */
  transferGigabyte: 0.02,
  /** A thousand PUT or COPY requests. */
  putThousand: 0.005,
} as const
