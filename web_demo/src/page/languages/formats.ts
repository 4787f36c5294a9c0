/** Numbers, measures, plurals and lists as a language writes them, by the browser's own Intl. */

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

export type Formats = ReturnType<typeof formatsFor>;

/** @param locale As in BCP 47. */
export function formatsFor(locale: string) {
  // Made when they are first used: all of them at once would hold up the page's start.
  const format = (options: Intl.NumberFormatOptions): ((value: number) => string) => {
    let numbers: Intl.NumberFormat | null = null;
    return (value) => (numbers ??= new Intl.NumberFormat(locale, options)).format(value);
  };
  const unit = (name: string, digits = 0): ((value: number) => string) =>
    format({ style: "unit", unit: name, unitDisplay: "short", minimumFractionDigits: digits, maximumFractionDigits: digits });
  const [share, tenths, whole] = [format({ style: "percent" }), format({ minimumFractionDigits: 1, maximumFractionDigits: 1 }), format({ maximumFractionDigits: 0 })];
  /** Sides of pictures are written without separators, which would be taken for points. */
  const side = format({ maximumFractionDigits: 0, useGrouping: false });
  const [milliseconds, seconds, minutes, hours] = [unit("millisecond"), unit("second"), unit("minute"), unit("hour")];
  const megabytes = unit("megabyte", 1);
  const wholeMegabytes = unit("megabyte");
  let rules: Intl.PluralRules | null = null;
  let series: Intl.ListFormat | null = null;
  return {
    /** 1234 as 1,234. */
    number: whole,
    /** 1.25 as 1.3. */
    tenths,
    /** 50 as 50%. */
    percent: (value: number): string => share(value / 100),
    pixels: (value: number): string => `${side(value)} px`,
    dimensions: (width: number, height: number): string => `${side(width)} × ${side(height)} px`,
    /** Bytes, with one decimal. */
    megabytes: (bytes: number): string => megabytes(bytes / 1e6),
    /** Megabytes, as a limit says them. */
    wholeMegabytes,
    /** How long something took, from milliseconds. */
    duration: (ms: number): string => (ms < 10_000 ? milliseconds(Math.round(ms)) : seconds(Math.round(ms / 1000))),
    /** About how long something takes, from seconds. */
    roughly: (amount: number): string => {
      if (amount < 55) return seconds(Math.max(5, 5 * Math.round(amount / 5)));
      const rounded = Math.round(amount / 60);
      return rounded < 90 ? minutes(rounded) : hours(Math.round(rounded / 60));
    },
    /** Frames a second: one decimal where that says something. */
    rate: (perSecond: number): string => (perSecond < 9.95 ? tenths(perSecond) : whole(perSecond)),
    /** The form that a number asks for; the number itself is part of the forms. */
    plural: (value: number, forms: Forms): string => forms[(rules ??= new Intl.PluralRules(locale)).select(value)] ?? forms.other,
    list: (items: readonly string[]): string => (series ??= new Intl.ListFormat(locale, { style: "short", type: "conjunction" })).format(items),
    clock,
    /** 12.34.56: a time of the day for the name of a file. */
    timeInName: (time: Date): string => time.toTimeString().slice(0, 8).replaceAll(":", "."),
  };
}

/** Seconds as on a clock: 0:07, 12:34, 1:02:03. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const head = hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}` : String(minutes);
  return `${head}:${String(whole % 60).padStart(2, "0")}`;
}
