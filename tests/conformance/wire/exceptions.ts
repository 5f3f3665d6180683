/** Operations that do not come through unchanged, with the reason; whatever else fails, fails the tests. */
type Reasons = Readonly<Record<string, Readonly<Record<string, string>>>>

const olderClient =
  "the SDK's only client for it is codestar-connections', whose schema lacks PullRequestComment"

/** Through the AWS SDK. */
export const sdkExceptions: Reasons = {
  codeconnections: {
    CreateSyncConfiguration: olderClient,
    GetSyncConfiguration: olderClient,
    ListSyncConfigurations: olderClient,
    UpdateSyncConfiguration: olderClient,
  },
}

/** Through botocore, by service and operation. */
export const botocoreExceptions: Readonly<Record<string, string>> = {
  'elasticloadbalancing CreateRule':
    'botocore sends no structure without members, as this one of the sample is',
  'elasticloadbalancing ModifyRule': 'as CreateRule',
}
