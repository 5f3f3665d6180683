/** CloudWatch Logs: groups, streams, events in files, filters, retention and encryption. */

import { implementation } from '../../kernel/service.ts'
import { kinds } from './kinds.ts'
import { FilterLogEvents, GetLogEvents } from './operations/get-log-events.ts'
import {
  AssociateKmsKey,
  CreateLogGroup,
  DeleteLogGroup,
  DeleteRetentionPolicy,
  DescribeLogGroups,
  DisassociateKmsKey,
  PutRetentionPolicy,
} from './operations/log-groups.ts'
import { CreateLogStream, DeleteLogStream, DescribeLogStreams } from './operations/log-streams.ts'
import { PutLogEvents } from './operations/put-log-events.ts'
import {
  DeleteResourcePolicy,
  DescribeResourcePolicies,
  PutResourcePolicy,
} from './operations/resource-policies.ts'
import {
  ListTagsForResource,
  ListTagsLogGroup,
  TagLogGroup,
  TagResource,
  UntagLogGroup,
  UntagResource,
} from './operations/tags.ts'
import { logGroup } from './resources/log-group.ts'
import { logStream } from './resources/log-stream.ts'
import { resourcePolicy } from './resources/resource-policy.ts'

export const logs = implementation({
  kinds,
  operations: [
    CreateLogGroup,
    DeleteLogGroup,
    DescribeLogGroups,
    PutRetentionPolicy,
    DeleteRetentionPolicy,
    AssociateKmsKey,
    DisassociateKmsKey,
    CreateLogStream,
    DeleteLogStream,
    DescribeLogStreams,
    PutLogEvents,
    GetLogEvents,
    FilterLogEvents,
    TagResource,
    UntagResource,
    ListTagsForResource,
    TagLogGroup,
    UntagLogGroup,
    ListTagsLogGroup,
    PutResourcePolicy,
    DeleteResourcePolicy,
    DescribeResourcePolicies,
  ],
  resourceTypes: [logGroup, logStream, resourcePolicy],
})
