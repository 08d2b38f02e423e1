/** How many scales and lists each rule recognises: `node bench/statistics/scales.ts`. */
import { isOrdinalScale } from '../../packages/panelist/src/survey/import/ordinal-scale.ts';
import { scaleBasis } from '../../packages/panelist/src/survey/scale-words.ts';

/** The rule was written with these. */
const known = {
  scales: `
Strongly disagree|Disagree|Neither agree nor disagree|Agree|Strongly agree
Strongly agree|Agree|Undecided|Disagree|Strongly disagree
Very unlikely|Unlikely|Neutral|Likely|Very likely
Not at all likely|Not very likely|Fairly likely|Very likely
Very dissatisfied|Dissatisfied|Neither|Satisfied|Very satisfied
Very satisfied|Somewhat satisfied|Not satisfied
Never|Rarely|Sometimes|Often|Always
Every day|Several times a week|Once a week|Once a month|Less often|Never
Daily|Weekly|Monthly|Yearly|Never
All of the time|Most of the time|Some of the time|A little of the time|None of the time
Poor|Fair|Good|Very good|Excellent
Excellent|Good|Fair|Poor
Very bad|Bad|Average|Good|Very good
Not at all important|Slightly important|Moderately important|Very important|Extremely important
Not important|Neutral|Important
Not at all|A little|Somewhat|Quite a bit|Very much
Not at all|Several days|More than half the days|Nearly every day
None|A little|Some|A lot|A great deal
Much worse|Somewhat worse|About the same|Somewhat better|Much better
Less|The same|More
Decreased|Stayed the same|Increased
Too little|About right|Too much
Too much|About the right amount|Too little
Very liberal|Liberal|Moderate|Conservative|Very conservative
Strong Democrat|Not very strong Democrat|Independent|Not very strong Republican|Strong Republican
Left|Centre|Right
Not at all true|Hardly true|Moderately true|Exactly true
Not like me at all|A little like me|Like me|Very much like me
Very uncomfortable|Uncomfortable|Comfortable|Very comfortable
Strongly oppose|Oppose|Neutral|Support|Strongly support
Negative|Neutral|Positive
Less than high school|High school|Some college|Bachelor's degree|Master's degree|Doctorate
Primary school|Secondary school|University degree
No formal education|Primary|Secondary|Bachelor|Master or higher|PhD
Low|Medium|High
Small|Medium|Large
Very difficult|Difficult|Easy|Very easy
Definitely not|Probably not|Maybe|Probably|Definitely
Yes, definitely|Yes, to some extent|No
Yes|Maybe|No
Very happy|Pretty happy|Not too happy
A great deal|Only some|Hardly any
Under 18|18–24|25–34|35–44|65 or older
Under $20,000|$20,000 to $39,999|$40,000 to $59,999|$60,000 or more
Less than 1 year|1-2 years|3-5 years|More than 5 years
Less than a month|1–6 months|7–12 months|1-2 years|More than 2 years
None|1|2|3 or more
0|1-2|3-5|6+
1 – Not at all|2|3|4|5 – Very much
1. Strongly disagree|2. Disagree|3. Neutral|4. Agree|5. Strongly agree
Lower class|Working class|Middle class|Upper class
Rural area|Small town|Suburb|Large city
非常不同意|不同意|一般|同意|非常同意
非常满意|满意|一般|不满意|非常不满意
非常不满意|比较不满意|一般|比较满意|非常满意
从不|很少|有时|经常|总是
每天|每周几次|每月几次|很少|从不
很差|较差|一般|较好|很好
完全不重要|不太重要|一般|比较重要|非常重要
完全不信任|不太信任|比较信任|非常信任
小学及以下|初中|高中或中专|大专|本科|研究生及以上
初中及以下|高中|大专|本科及以上
18岁以下|18-25岁|26-35岁|36-45岁|46岁以上
5000元以下|5000-10000元|1万-2万元|2万元以上
不到1年|1-3年|3-5年|5年以上
很不可能|不太可能|可能|很可能
低|中|高
非常反对|反对|中立|支持|非常支持
很难|较难|一般|容易|很容易
没有影响|影响较小|影响较大|影响非常大
更差|差不多|更好
完全不符合|不太符合|一般|比较符合|完全符合
非常不幸福|不幸福|一般|幸福|非常幸福
非常了解|比较了解|不太了解|完全不了解
太少|正好|太多
从来不|一年几次|一个月一次|一周一次|几乎每天`,
  lists: `
Coca-Cola|Pepsi|Fanta
1. Coca-Cola|2. Pepsi|3. Fanta
Red|Green|Blue
Male|Female|Non-binary
Employed full-time|Employed part-time|Unemployed|Retired|Student
Single|Married|Divorced|Widowed
Democrat|Libertarian|Green|Republican
North|South|East|West
Northeast|Midwest|South|West
iPhone 12|iPhone 13|iPhone 14
Option 1|Option 2|Option 3
Product A|Product B|Product C
Price|Quality|Service|Location
TV|Radio|Newspaper|Internet
Bus|Train|Car|Bicycle
White|Black|Hispanic|Asian|Other
Protestant|Catholic|Jewish|Muslim|None
Little Caesars|Domino's|Pizza Hut|Great American
Not Your Average Joe's|Very Vegan|Subway
Facebook|Instagram|TikTok|X
Email|Phone|Post
Yes|No|Prefer not to say
I bought it|I rented it|I borrowed it
Monday|Tuesday|Wednesday|Friday
Better price|Better quality|Closer to home
More buses|Cheaper tickets|Better trains
Health care|Economy|Climate|Immigration
小米|华为|苹果|大众
支付宝|微信支付|银行卡|现金
男|女|其他
公交|地铁|私家车|步行
价格|质量|服务|品牌
北京|上海|广州|深圳
自由职业|学生|上班族|退休
可口可乐|百事可乐|芬达
好时|费列罗|德芙
未婚|已婚|离异|丧偶
1号线|10号线|2号线
Candidate 1|Candidate 2|Candidate 3
A|B|C
Work|Family|Friends|Health
Very Berry|Not So Sweet|Lemon
Rather not buy|Buy used|Buy new
Soup|Salad|Sandwich|Not hungry
Best Buy|Walmart|Bad Boy
The Right Stuff|Left Bank|Centre Point
Low price|Good quality|High prestige
Support|Sales|Engineering|Against abuse
不喝|咖啡|茶|非常可乐
没有宠物|狗|猫|鱼`,
};

/** These were written afterwards and looked at once; a few words were added for those that were missed. */
const later = {
  scales: `
Completely agree|Mostly agree|Mostly disagree|Completely disagree
Extremely well|Very well|Moderately well|Slightly well|Not well at all
A great deal of confidence|Some confidence|Very little confidence|None at all
Strongly favor|Favor|Neither favor nor oppose|Oppose|Strongly oppose
Better off|About the same|Worse off
Very easy|Somewhat easy|Somewhat difficult|Very difficult
Very interested|Fairly interested|Not very interested|Not at all interested
Increase a lot|Increase a little|Stay the same|Decrease a little|Decrease a lot
More than once a week|Once a week|Once a month|Only on special holidays|Once a year|Less than once a year|Never, practically never
Trust completely|Trust somewhat|Do not trust very much|Do not trust at all
Excellent|Very good|Good|Fair|Poor
Very worried|Somewhat worried|Not too worried|Not worried at all
Far too high|Too high|About right|Too low|Far too low
Definitely true|Probably true|Probably false|Definitely false
Very safe|Fairly safe|A bit unsafe|Very unsafe
Extremely proud|Very proud|Moderately proud|Only slightly proud|Not at all proud
Up to 10 minutes|11 to 30 minutes|31 to 60 minutes|More than an hour
Very warm|Warm|Cool|Cold
Certain to vote|Likely to vote|Unlikely to vote|Certain not to vote
Never justifiable|Sometimes justifiable|Always justifiable
完全同意|比较同意|无所谓同意不同意|比较不同意|完全不同意
很健康|比较健康|一般|比较不健康|很不健康
总是|经常|有时|很少|从不
远低于平均水平|低于平均水平|平均水平|高于平均水平|远高于平均水平
非常公平|比较公平|居中|不太公平|完全不公平
没上过学|小学|初中|高中|大学专科|大学本科|研究生
没有|1次|2-3次|4次以上
非常容易|容易|一般|困难|非常困难
肯定会|可能会|不确定|可能不会|肯定不会
上升了|差不多|下降了`,
  lists: `
Walking|Driving|Cycling|Public transport
Homeowner|Renter|Living with family
Parents|Friends|Teachers|Colleagues
Apple|Samsung|Huawei|Xiaomi
Too expensive|Bad service|Not available near me
It tastes good|It is cheap|It is healthy
I forgot|I was busy|I didn't like it
Right-handed|Left-handed|Both
More pay|Fewer hours|Better boss
Lower taxes|Higher benefits|More police
High street|Supermarket|Low-cost outlet
Bachelor flat|House|Shared flat
Small car|SUV|Van|Truck
Cash|Debit card|Credit card|Mobile payment
Not married|In a relationship|Married very young
早餐|午餐|晚餐
父母|朋友|同事|老师
太贵|质量不好|不方便
京东|淘宝|拼多多
工作太忙|没有钱|不感兴趣
红色|绿色|蓝色
高铁|飞机|自驾|轮船
大米|面条|小麦
会员|非会员|不确定`,
};

for (const [name, { scales, lists }] of Object.entries({ known, later })) {
  for (const [what, lines] of Object.entries({ scales, lists })) {
    const all = lines
      .trim()
      .split('\n')
      .map((line) => line.split('|'));
    const isCoded = (texts: readonly string[]) =>
      isOrdinalScale(
        texts.map((text, place) => ({
          ...{ value: place + 1, text, visibleIf: [], role: 'plain', isExclusive: false },
        })),
      );
    const found = all.filter((texts) => scaleBasis(texts) !== null);
    const before = all.filter(isCoded);
    console.log(
      `${name}, ${what} (${all.length}): now ${found.length}, before, if coded 1, 2, 3: ${before.length}`,
    );
    const wrong = what === 'scales' ? all.filter((texts) => !found.includes(texts)) : found;
    for (const texts of wrong) console.log(`  judged wrongly: ${texts.join(' | ')}`);
  }
}
