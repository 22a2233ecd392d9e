/**
 * What people of the sandbox are called: common given and family names by the language they come from, and by
 * generation where that shows. Names are facts of everyday use; no combination stands for a real person.
 */
import type { Weighted } from './dice.ts';

export type Sex = 'female' | 'male';
type Pools = Readonly<Record<Sex, readonly string[]>>;

/** Where a family's names come from, with how its people describe themselves (CDC race and ethnicity codes). */
export interface Culture {
  readonly families: readonly string[];
  readonly given: Pools;
  /** Names of those born before 1965, where they differ. */
  readonly older?: Pools;
  /** How likely a second given name is. */
  readonly middle: number;
  /** Whether children carry the first family names of both parents. */
  readonly twoFamilies?: true;
  readonly race: readonly Weighted<string>[];
  readonly hispanic: number;
  /** A language (BCP 47) spoken at home, and how likely it is the one to be written to in. */
  readonly language?: readonly [code: string, display: string, share: number];
}

const words = (text: string): readonly string[] => text.split(' ');
const phrases = (text: string): readonly string[] => text.split(', ');

export const RACES = {
  native: ['1002-5', 'American Indian or Alaska Native'],
  asian: ['2028-9', 'Asian'],
  black: ['2054-5', 'Black or African American'],
  pacific: ['2076-8', 'Native Hawaiian or Other Pacific Islander'],
  white: ['2106-3', 'White'],
} as const satisfies Record<string, readonly [code: string, display: string]>;

const ENGLISH_NOW: Pools = {
  female: words(
    'Emma Olivia Ava Sophia Isabella Charlotte Amelia Mia Harper Evelyn Abigail Emily Ella Elizabeth Camila Luna Sofia Avery Mila Aria Scarlett Penelope Layla Chloe Victoria Madison Eleanor Grace Nora Riley Zoey Hannah Hazel Lily Ellie Violet Lillian Zoe Stella Aurora Natalie Emilia Everly Leah Aubrey Willow Addison Lucy Audrey Bella',
  ),
  male: words(
    'Liam Noah Oliver Elijah William James Benjamin Lucas Henry Alexander Mason Michael Ethan Daniel Jacob Logan Jackson Levi Sebastian Mateo Jack Owen Theodore Aiden Samuel Joseph John David Wyatt Matthew Luke Asher Carter Julian Grayson Leo Jayden Gabriel Isaac Lincoln Anthony Hudson Dylan Ezra Thomas Charles Christopher Jaxon Maverick Josiah',
  ),
};
const ENGLISH_THEN: Pools = {
  female: words(
    'Mary Patricia Linda Barbara Susan Nancy Deborah Sandra Carol Ruth Sharon Dorothy Margaret Betty Donna Helen Karen Judith Shirley Brenda Virginia Kathleen Pamela Martha Janet Frances Catherine Carolyn Joyce Diane Alice Jean Judy Rose Beverly Janice Theresa Kathryn Marie Gloria Peggy Phyllis Rita Joan Evelyn Katherine Lois Ann Jane Lillian',
  ),
  male: words(
    'James Robert John William Richard Thomas Charles Ronald David Michael Donald Larry Gary George Kenneth Edward Jerry Dennis Frank Raymond Roger Paul Walter Joseph Harold Henry Carl Ralph Arthur Lawrence Albert Eugene Stephen Roy Wayne Louis Philip Fred Howard Ernest Earl Stanley Leonard Francis Theodore Clarence Herbert Norman Leroy Alfred',
  ),
};
const ENGLISH_FAMILIES = phrases(
  "Smith, Johnson, Williams, Brown, Jones, Davis, Miller, Wilson, Moore, Taylor, Anderson, Thomas, Jackson, White, Harris, Martin, Thompson, Robinson, Clark, Lewis, Lee, Walker, Hall, Allen, Young, King, Wright, Scott, Green, Baker, Adams, Nelson, Carter, Mitchell, Roberts, Turner, Phillips, Campbell, Parker, Evans, Edwards, Collins, Stewart, Morris, Rogers, Reed, Cook, Morgan, Bell, Murphy, Bailey, Cooper, Richardson, Cox, Howard, Ward, Peterson, Gray, James, Watson, Brooks, Kelly, Sanders, Price, Bennett, Wood, Barnes, Ross, Henderson, Coleman, Jenkins, Perry, Powell, Long, Patterson, Hughes, Washington, Butler, Simmons, Foster, Bryant, Alexander, Russell, Griffin, Hayes, Myers, Ford, Hamilton, Graham, Sullivan, Wallace, Woods, Cole, West, Owens, Reynolds, Fisher, Ellis, Harrison, McDonald, Marshall, Wells, Stone, Tucker, Porter, Hunter, Hicks, Crawford, Henry, Boyd, Mason, Kennedy, Warren, Dixon, Burns, Gordon, Shaw, Holmes, Rice, Robertson, Hunt, Black, Palmer, Nichols, Grant, Knight, Ferguson, Hawkins, Dunn, Perkins, Hudson, Spencer, Gardner, Payne, Pierce, Berry, Matthews, Arnold, Wagner, Willis, Ray, Watkins, Olson, Carroll, Duncan, Snyder, Hart, Cunningham, Bradley, Lane, Andrews, Harper, Fox, Riley, Armstrong, Carpenter, Weaver, Greene, O'Brien, O'Connor, McCarthy, MacLeod, St. Clair, Van Buren, Schmidt, Schneider, Hoffman, Müller, Keller, Larsen, D'Angelo, DeLuca, Rossi, Novak, LaFleur, Goldberg, Katz",
);

const english: Culture = {
  families: ENGLISH_FAMILIES,
  given: ENGLISH_NOW,
  older: ENGLISH_THEN,
  middle: 0.82,
  race: [
    ['white', 0.94],
    ['black', 0.02],
    ['none', 0.04],
  ],
  hispanic: 0.01,
};

const africanAmerican: Culture = {
  families: phrases(
    'Washington, Jefferson, Booker, Banks, Joseph, Jackson, Robinson, Dorsey, Charles, Gaines, Mosley, Rivers, Broadnax, Singleton, Battle, Dawkins, Gadson, Cheeks, Hairston, Pettiford, Williams, Johnson, Brown, Davis, Coles, Byrd, Randolph, Bland, Goode, Faison',
  ),
  given: {
    female: words(
      "Aaliyah Imani Nia Kiara Destiny Jasmine Ebony Kayla Tiana Amari Zuri Laila Makayla Nevaeh Trinity Skylar Ciara Deja Shanice Latoya Tamika Keisha Monique Danielle Brianna Jada London Serenity Journee Ny'Asia",
    ),
    male: words(
      "Malik Xavier Darius Jalen Tyrone Marcus Terrence Jamal Isaiah Elijah Amir Zaire DeAndre Kareem Andre Jeremiah Josiah Khalil Trevon Lamar Maurice Reginald Curtis Jermaine Demetrius Kendrick Messiah Legend Da'Quan Omari",
    ),
  },
  older: ENGLISH_THEN,
  middle: 0.74,
  race: [
    ['black', 0.95],
    ['black+white', 0.03],
    ['none', 0.02],
  ],
  hispanic: 0.02,
};

const spanish: Culture = {
  families: phrases(
    'García, Rodríguez, Martínez, Hernández, López, González, Pérez, Sánchez, Ramírez, Torres, Flores, Rivera, Gómez, Díaz, Cruz, Morales, Reyes, Gutiérrez, Ortiz, Chávez, Ramos, Ruiz, Mendoza, Álvarez, Castillo, Romero, Vásquez, Jiménez, Muñoz, Núñez, Guzmán, Peña, de la Cruz, del Río, Ibáñez, Escobar, Portillo, Zelaya, Quispe, Salazar',
  ),
  given: {
    female: phrases(
      'Sofía, Valentina, Camila, María, Ximena, Daniela, Lucía, Gabriela, Mariana, Elena, Ana, Carmen, Rosa, Guadalupe, Isabel, Juana, Teresa, Paola, Andrea, Alejandra, Fernanda, Verónica, Inés, Beatriz, Luz, María José, Ana Lucía, Noemí, Itzel, Rocío',
    ),
    male: phrases(
      'Santiago, Mateo, Diego, José, Juan, Luis, Carlos, Miguel, Jesús, Ángel, Alejandro, Fernando, Javier, Andrés, Eduardo, Ricardo, Sergio, Rubén, Óscar, Iván, Emiliano, Joaquín, Tomás, Raúl, Martín, José Luis, Juan Carlos, Adrián, Hugo, Nicolás',
    ),
  },
  middle: 0.45,
  twoFamilies: true,
  race: [
    ['white', 0.62],
    ['none', 0.28],
    ['black', 0.04],
    ['native', 0.06],
  ],
  hispanic: 0.99,
  language: ['es', 'Spanish', 0.5],
};

const vietnamese: Culture = {
  families: words('Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý'),
  given: {
    female: phrases(
      'Thị Lan, Mai Anh, Ngọc, Hương, Linh, Thảo, Kim Chi, Bích, Thanh, Tuyết, Trang, Quỳnh, Vân, Emily, Tiffany, Vivian',
    ),
    male: phrases(
      'Minh, Tuấn, Quang, Hùng, Đức, Huy, Khoa, Long, Nam, Phúc, Thiện, Văn Hải, Bảo, Kevin, Andrew, Tommy',
    ),
  },
  middle: 0.4,
  race: [['asian', 1]],
  hispanic: 0,
  language: ['vi', 'Vietnamese', 0.45],
};

const chinese: Culture = {
  families: words(
    'Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Ng Wong Chan',
  ),
  given: {
    female: phrases(
      'Mei, Xiuying, Jing, Li Na, Fang, Yan, Xin Yi, Yu Ting, Hui, Lan, Qing, Grace, Michelle, Angela, Joyce, Ying',
    ),
    male: phrases(
      'Wei, Jun, Hao, Jian, Ming, Bo, Zhi Qiang, Yong, Lei, Tao, Kai, Jason, Eric, Kevin, David, Xiao Ming',
    ),
  },
  middle: 0.2,
  race: [['asian', 1]],
  hispanic: 0,
  language: ['zh', 'Chinese', 0.4],
};

const korean: Culture = {
  families: words('Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Shin Seo Kwon'),
  given: {
    female: phrases(
      'Ji-woo, Seo-yeon, Min-ji, Soo-jin, Hye-jin, Eun-ji, Yuna, Mi-sook, Grace, Hannah, Esther, Jiyoung',
    ),
    male: phrases(
      'Min-jun, Seo-jun, Ji-ho, Sung-min, Jae-hyun, Young-ho, Dong-hyun, Kyung-soo, Daniel, Joshua, Brian, Junho',
    ),
  },
  middle: 0.15,
  race: [['asian', 1]],
  hispanic: 0,
  language: ['ko', 'Korean', 0.4],
};

const indian: Culture = {
  families: words(
    'Patel Sharma Singh Kumar Gupta Reddy Rao Iyer Nair Shah Desai Mehta Chowdhury Khanna Banerjee Krishnamurthy Subramanian Venkataraman Joshi Kaur',
  ),
  given: {
    female: words(
      'Aanya Priya Ananya Divya Kavya Lakshmi Meera Neha Pooja Riya Saanvi Shreya Sunita Anjali Deepa Geeta Isha Nisha',
    ),
    male: words(
      'Arjun Aarav Rohan Vikram Rahul Sanjay Anil Rajesh Vihaan Ishaan Karthik Suresh Amit Nikhil Pranav Ravi Dev Harish',
    ),
  },
  middle: 0.3,
  race: [['asian', 1]],
  hispanic: 0,
  language: ['hi', 'Hindi', 0.1],
};

const arabic: Culture = {
  families: phrases(
    'Al-Hassan, Haddad, Khalil, Mansour, Nasser, Rahman, Saleh, Al-Masri, Ibrahim, Abdullah, Hussein, Khoury, Najjar, Qasim, Aziz, El-Sayed, bin Rashid',
  ),
  given: {
    female: words('Fatima Layla Aisha Maryam Noor Yasmin Zainab Hana Salma Amina Rania Huda Sara Leen'),
    male: words('Mohammed Ahmad Omar Ali Yusuf Hassan Ibrahim Khalid Tariq Samir Bilal Zayd Karim Mustafa'),
  },
  middle: 0.5,
  race: [
    ['white', 0.7],
    ['none', 0.3],
  ],
  hispanic: 0,
  language: ['ar', 'Arabic', 0.35],
};

const ethiopian: Culture = {
  families: words(
    'Tesfaye Bekele Alemu Haile Girma Kebede Tadesse Worku Abebe Desta Mekonnen Gebremedhin Assefa Wolde Yohannes',
  ),
  given: {
    female: words('Selam Hirut Meseret Bethlehem Hana Tigist Almaz Rahel Mihret Eden Saba Liya'),
    male: words('Dawit Abel Yonas Samuel Henok Solomon Mulugeta Biniam Nahom Elias Kaleb Robel'),
  },
  middle: 0.35,
  race: [['black', 1]],
  hispanic: 0,
  language: ['am', 'Amharic', 0.35],
};

const slavic: Culture = {
  families: words(
    'Kowalski Nowak Wiśniewski Shevchenko Kovalenko Bondarenko Ivanov Petrov Popović Jovanović Dvořák Horák Kovač Bielak',
  ),
  given: {
    female: words(
      'Oksana Natalia Olena Irina Katarzyna Zofia Milena Ivana Anastasia Svitlana Jana Ewa Dragana Daria',
    ),
    male: words(
      'Oleksandr Andrij Dmitri Sergei Piotr Łukasz Jan Marek Nikola Miloš Tomáš Bohdan Maksym Wojciech',
    ),
  },
  middle: 0.3,
  race: [['white', 1]],
  hispanic: 0,
  language: ['uk', 'Ukrainian', 0.2],
};

const filipino: Culture = {
  families: phrases(
    'Santos, Reyes, Cruz, Bautista, Ocampo, Garcia, Mendoza, Aquino, Dela Cruz, Villanueva, Macaraeg, Dimaculangan, Pangilinan, Tolentino',
  ),
  given: {
    female: phrases(
      'Maria Cristina, Angelica, Jasmine, Maricel, Grace, Princess, Lourdes, Rowena, Althea, Marites, Joy, Analyn',
    ),
    male: phrases(
      'Juan Miguel, Jose, Mark Anthony, Angelo, Ramon, Jericho, Emmanuel, Rodel, Christian, Gabriel, Paolo, Arnel',
    ),
  },
  middle: 0.75,
  race: [
    ['asian', 0.96],
    ['asian+white', 0.04],
  ],
  hispanic: 0.03,
  language: ['tl', 'Tagalog', 0.2],
};

const native: Culture = {
  families: phrases(
    'Begay, Yazzie, Whitehorse, Red Elk, Custalow, Adkins, Holmes, Branham, Locklear, Two Rivers, Bradby, Langston',
  ),
  given: ENGLISH_NOW,
  older: ENGLISH_THEN,
  middle: 0.6,
  race: [
    ['native', 0.85],
    ['native+white', 0.15],
  ],
  hispanic: 0.03,
};

const pacific: Culture = {
  families: phrases(
    "Kealoha, Kahananui, Tuiasosopo, Faleolo, Taumoepeau, Mahoe, Kekauoha, Leota, Camacho, Ka'ahumanu",
  ),
  given: {
    female: words('Leilani Kalea Malia Noelani Sina Mele Ana Keala Nani Moana'),
    male: words("Keanu Kai Ikaika Sione Tavita Makoa Kekoa Viliami Tana Ka'imi"),
  },
  middle: 0.5,
  race: [
    ['pacific', 0.9],
    ['asian+pacific', 0.1],
  ],
  hispanic: 0.02,
};

export const CULTURES: readonly Weighted<Culture>[] = [
  [english, 0.5],
  [africanAmerican, 0.17],
  [spanish, 0.13],
  [indian, 0.035],
  [chinese, 0.025],
  [filipino, 0.025],
  [vietnamese, 0.02],
  [arabic, 0.02],
  [korean, 0.02],
  [slavic, 0.02],
  [ethiopian, 0.018],
  [native, 0.012],
  [pacific, 0.005],
];
