/** The regions offered by name; any other can be typed. */

/** A region with the location after which AWS names it. */
export interface RegionChoice {
  readonly region: string;
  readonly place: string;
}

/** Some of the regions that every account has without opting in (AWS General Reference, AWS Regions). */
export const listRegions: readonly RegionChoice[] = [
  { region: 'us-east-1', place: 'N. Virginia' },
  { region: 'us-east-2', place: 'Ohio' },
  { region: 'us-west-2', place: 'Oregon' },
  { region: 'ca-central-1', place: 'Canada' },
  { region: 'eu-west-1', place: 'Ireland' },
  { region: 'eu-west-2', place: 'London' },
  { region: 'eu-central-1', place: 'Frankfurt' },
  { region: 'ap-south-1', place: 'Mumbai' },
  { region: 'ap-southeast-1', place: 'Singapore' },
  { region: 'ap-southeast-2', place: 'Sydney' },
  { region: 'ap-northeast-1', place: 'Tokyo' },
];
