/** CloudWatch Logs: groups, streams, events in files, filters, retention and encryption. */
import { service } from '../../service.ts'
import {
  AssociateKmsKey,
  CreateLogGroup,
  DeleteLogGroup,
  DeleteRetentionPolicy,
  DescribeLogGroups,
  DisassociateKmsKey,
  PutRetentionPolicy,
} from './log-group.ts'
import { CreateLogStream, DeleteLogStream, DescribeLogStreams } from './log-stream.ts'
import { PutLogEvents } from './put-log-events.ts'
import { FilterLogEvents, GetLogEvents } from './read-events.ts'
import { DeleteResourcePolicy, DescribeResourcePolicies, PutResourcePolicy } from './resource-policy.ts'
import { logGroup } from './resources/log-group.ts'
import { logStream } from './resources/log-stream.ts'
import {
  ListTagsForResource,
  ListTagsLogGroup,
  TagLogGroup,
  TagResource,
  UntagLogGroup,
  UntagResource,
} from './tag.ts'

export const logs = service({
  id: 'logs',
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
  resourceTypes: [logGroup, logStream],
})
