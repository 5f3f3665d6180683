/** What is generated: the services, their SDK clients, and the operations that are left out with the reason. */

/** The SDK client whose types a service's handlers are written against. */
export const clients = {
  sts: '@aws-sdk/client-sts',
  iam: '@aws-sdk/client-iam',
  s3: '@aws-sdk/client-s3',
  kms: '@aws-sdk/client-kms',
  cloudformation: '@aws-sdk/client-cloudformation',
  lambda: '@aws-sdk/client-lambda',
  codebuild: '@aws-sdk/client-codebuild',
  codeconnections: '@aws-sdk/client-codestar-connections',
  'codestar-connections': '@aws-sdk/client-codestar-connections',
  codepipeline: '@aws-sdk/client-codepipeline',
  logs: '@aws-sdk/client-cloudwatch-logs',
  sns: '@aws-sdk/client-sns',
  ssm: '@aws-sdk/client-ssm',
  secretsmanager: '@aws-sdk/client-secrets-manager',
  events: '@aws-sdk/client-eventbridge',
  organizations: '@aws-sdk/client-organizations',
  ecr: '@aws-sdk/client-ecr',
  codecommit: '@aws-sdk/client-codecommit',
  ecs: '@aws-sdk/client-ecs',
}

/** The cloud's services whose handlers are written against types made of the model: no SDK client of them is installed. */
export const typedByModel = [
  'states',
  'codestar-notifications',
  'cloudwatch',
  'codedeploy',
  'elasticloadbalancing',
  'sqs',
]

/** Services with a model: the cloud's own, and those it may meet. */
export const services = [...Object.keys(clients), ...typedByModel]

/** What botocore and the aws CLI call a service, where policies and signatures call it otherwise. */
export const botocoreNames = { elasticloadbalancing: 'elbv2', states: 'stepfunctions' }

/**
 * Operations that cannot share an endpoint with the others: older twins with the same method and path as their
 * successors, and those which AWS serves on a host of their own (S3 Express, S3 Object Lambda).
 */
export const droppedOperations = {
  s3: [
    'GetBucketLifecycle',
    'PutBucketLifecycle',
    'GetBucketNotification',
    'PutBucketNotification',
    'ListDirectoryBuckets',
    'WriteGetObjectResponse',
  ],
}

/** Shapes that the SDK, whose types the handlers use, or the service itself, types otherwise than botocore. */
export const retypedShapes = {
  s3: { PartNumberMarker: 'string', NextPartNumberMarker: 'string' },
  // SQS takes the system attributes of messages, too, where the model lists those of queues.
  sqs: { QueueAttributeName: 'string' },
}

/** The codes that SQS's errors had in its query protocol, where they were others; botocore does not carry them. */
export const queryErrorCodes = {
  sqs: {
    ...Object.fromEntries(
      [
        'BatchEntryIdsNotDistinct',
        'BatchRequestTooLong',
        'EmptyBatchRequest',
        'InvalidBatchEntryId',
        'MessageNotInflight',
        'PurgeQueueInProgress',
        'QueueDeletedRecently',
        'TooManyEntriesInBatchRequest',
        'UnsupportedOperation',
      ].map((name) => [name, `AWS.SimpleQueueService.${name}`]),
    ),
    QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
    QueueNameExists: 'QueueAlreadyExists',
    KmsAccessDenied: 'KMS.AccessDeniedException',
    KmsDisabled: 'KMS.DisabledException',
    KmsInvalidKeyUsage: 'KMS.InvalidKeyUsageException',
    KmsInvalidState: 'KMS.InvalidStateException',
    KmsNotFound: 'KMS.NotFoundException',
    KmsOptInRequired: 'KMS.OptInRequired',
    KmsThrottled: 'KMS.ThrottlingException',
  },
}

/**
 * How collections are called in the query protocol of services that have left it, where botocore does not carry them any
 * more: an item of a list; an entry of a map, its key and its value.
 */
export const queryNames = {
  sqs: {
    xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    collections: {
      AWSAccountIdList: ['AWSAccountId'],
      ActionNameList: ['ActionName'],
      AttributeNameList: ['AttributeName'],
      BatchResultErrorEntryList: ['BatchResultErrorEntry'],
      BinaryList: ['BinaryListValue'],
      ChangeMessageVisibilityBatchRequestEntryList: ['ChangeMessageVisibilityBatchRequestEntry'],
      ChangeMessageVisibilityBatchResultEntryList: ['ChangeMessageVisibilityBatchResultEntry'],
      DeleteMessageBatchRequestEntryList: ['DeleteMessageBatchRequestEntry'],
      DeleteMessageBatchResultEntryList: ['DeleteMessageBatchResultEntry'],
      ListMessageMoveTasksResultEntryList: ['ListMessageMoveTasksResultEntry'],
      MessageAttributeNameList: ['MessageAttributeName'],
      MessageBodyAttributeMap: ['MessageAttribute', 'Name', 'Value'],
      MessageBodySystemAttributeMap: ['MessageSystemAttribute', 'Name', 'Value'],
      MessageList: ['Message'],
      MessageSystemAttributeList: ['MessageSystemAttributeName'],
      MessageSystemAttributeMap: ['Attribute', 'Name', 'Value'],
      QueueAttributeMap: ['Attribute', 'Name', 'Value'],
      QueueUrlList: ['QueueUrl'],
      SendMessageBatchRequestEntryList: ['SendMessageBatchRequestEntry'],
      SendMessageBatchResultEntryList: ['SendMessageBatchResultEntry'],
      StringList: ['StringListValue'],
      TagKeyList: ['TagKey'],
      TagMap: ['Tag', 'Key', 'Value'],
    },
  },
}

/** The XML root elements of S3's answers, which botocore's model does not carry. */
export const rootElements = {
  s3: {
    ListBuckets: 'ListAllMyBucketsResult',
    ListObjects: 'ListBucketResult',
    ListObjectsV2: 'ListBucketResult',
    ListObjectVersions: 'ListVersionsResult',
    ListMultipartUploads: 'ListMultipartUploadsResult',
    ListParts: 'ListPartsResult',
    CreateMultipartUpload: 'InitiateMultipartUploadResult',
    CompleteMultipartUpload: 'CompleteMultipartUploadResult',
    DeleteObjects: 'DeleteResult',
    GetBucketAccelerateConfiguration: 'AccelerateConfiguration',
    GetBucketAcl: 'AccessControlPolicy',
    GetBucketCors: 'CORSConfiguration',
    GetBucketLifecycleConfiguration: 'LifecycleConfiguration',
    GetBucketLocation: 'LocationConstraint',
    GetBucketLogging: 'BucketLoggingStatus',
    GetBucketNotificationConfiguration: 'NotificationConfiguration',
    GetBucketRequestPayment: 'RequestPaymentConfiguration',
    GetBucketTagging: 'Tagging',
    GetBucketVersioning: 'VersioningConfiguration',
    GetBucketWebsite: 'WebsiteConfiguration',
    GetObjectAcl: 'AccessControlPolicy',
    GetObjectAttributes: 'GetObjectAttributesResponse',
    GetObjectTagging: 'Tagging',
    ListBucketAnalyticsConfigurations: 'ListBucketAnalyticsConfigurationResult',
    ListBucketInventoryConfigurations: 'ListInventoryConfigurationsResult',
    ListBucketMetricsConfigurations: 'ListMetricsConfigurationsResult',
  },
}
