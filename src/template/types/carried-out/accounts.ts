/** What the embedded cloud carries out of accounts: users, organizations. */
import { type CarriedOut, properties } from './carried-out.ts'

export const accounts: Readonly<Record<string, CarriedOut>> = {
  'AWS::IAM::User': properties(
    'UserName',
    'Path',
    'PermissionsBoundary',
    'Policies',
    'ManagedPolicyArns',
    'Groups',
    'Tags',
  ),
  'AWS::Organizations::Account': { refused: 'its accounts are there from the start' },
  'AWS::Organizations::Organization': { refused: 'its organization is there from the start' },
  'AWS::Organizations::OrganizationalUnit': properties('Name', 'ParentId', 'Tags'),
  'AWS::Organizations::Policy': properties('Name', 'Type', 'Content', 'Description', 'TargetIds', 'Tags'),
  'AWS::Organizations::ResourcePolicy': { refused: 'it has no delegated administrators' },
}
